"""Deployments: from the output folder to where readers find the site.

`deployment` deploys to a target, `sync` to a destination that takes files one by one; `folder`,
`rsync` and `cloud` are such destinations, `git_branch` takes all files in one commit.
"""

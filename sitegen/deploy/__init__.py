"""What lies in the output folder → where readers find it.

`publication` is the course of a deployment; `folder`, `rsync`, `git_branch` and `cloud` are the
places.
"""

#!/bin/sh
# Brings responses into the repository, and what is new there to this machine:
#
#     push-responses.sh /srv/paper
#
# What cannot be pushed now is pushed the next time. Nothing is ever rewritten.
set -eu

cd "$1"
branch="$(git symbolic-ref --short HEAD)"

# One at a time: a push may take longer than the timer waits.
exec 9> "$(git rev-parse --git-dir)/push-responses.lock"
flock --nonblock 9 || exit 0

if [ -d responses ]; then
    # Not what the receiver is writing at this moment.
    git add --all -- responses ':(exclude,glob)responses/**/.*.tmp'
    if ! git diff --cached --quiet -- responses; then
        git commit --quiet --message "Responses" -- responses
    fi
fi

git fetch --quiet origin "$branch"
# A merge, and no rebase: that would take away for a moment what the receiver has filed.
if ! git merge --quiet --no-edit FETCH_HEAD; then
    git merge --abort 2> /dev/null || true
    echo "cannot merge what is new in the repository: merge by hand in $1" >&2
    exit 1
fi
if [ "$(git rev-list --count FETCH_HEAD..HEAD)" -gt 0 ]; then
    git push --quiet origin "HEAD:$branch"
fi

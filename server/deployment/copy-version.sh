#!/bin/sh
# Copies the current version of a data folder to another machine or folder, and makes it current
# there: copy-version.sh DATA TARGET, where TARGET is what rsync takes: a folder or host:folder.
#
# A reader there sees the old version or the new one. The manifest comes after all other files of
# the version, and the pointer after the manifest; rsync replaces a link by renaming one over it.
# The pointer is made from the name that was read first, so that a version published meanwhile
# cannot be pointed to before it has been copied.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: copy-version.sh DATA TARGET" >&2
    exit 2
fi
data=$1
target=$2
version=$(readlink "$data/current")
pointer=$(mktemp -d)
trap 'rm -rf "$pointer"' EXIT
ln -s "$version" "$pointer/current"

# /./ marks where the path begins that is kept at the target.
rsync --archive --relative --fsync --exclude=manifest.json "$data/./$version/" "$target/"
rsync --archive --relative --fsync "$data/./$version/" "$target/"
rsync --links "$pointer/current" "$target/"

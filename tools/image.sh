#!/bin/sh
# `make image`: builds the image of site/deploy/Dockerfile as root, with buildah, without daemon or containers (isolation
# chroot). The base image is built from Debian's signed packages the first time, and pinned by its digest afterwards.
# BUILDAH_ARGS are passed to `buildah build`, for instance `--volume …` for a proxy's certificate.
set -eu
BASE=localhost/rallynov-base
IMAGE=${IMAGE:-localhost/rallynov}
missing=
for program in buildah debootstrap netavark; do
    [ "$program" = netavark ] && [ -x /usr/lib/podman/netavark ] && continue
    command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
done
if [ -n "$missing" ] || [ "$(id -u)" -ne 0 ]; then
    echo "À lancer en root sur Debian : apt-get install${missing:- buildah debootstrap netavark}" >&2
    exit 1
fi
export BUILDAH_ISOLATION=chroot

if ! buildah inspect --type image "$BASE" >/dev/null 2>&1; then
    echo "Base Debian…"
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    debootstrap --variant=minbase trixie "$folder" >"$folder.log" 2>&1 || { tail "$folder.log" >&2; exit 1; }
    rm -rf "$folder"/var/cache/apt "$folder"/var/lib/apt/lists/* "$folder"/usr/share/doc "$folder"/usr/share/man \
        "$folder"/usr/share/locale "$folder.log"
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$folder" / >/dev/null
    buildah commit --quiet --rm "$container" "$BASE" >/dev/null
fi
# The limits of this machine: the defaults of Debian's containers can't be set where they are above these.
limit() { echo "$1=$(prlimit --raw --noheadings --output SOFT,HARD --"$1" | sed "s/unlimited/-1/g; s/ /:/")"; }
digest=$(buildah inspect --type image --format '{{.FromImageDigest}}' "$BASE")
echo "Image, sur $BASE@$digest…"
# shellcheck disable=SC2086
buildah build --layers --network host --ulimit "$(limit nofile)" --ulimit "$(limit nproc)" \
    --build-arg "BASE=$BASE@$digest" --label "org.opencontainers.image.base.digest=$digest" \
    ${BUILDAH_ARGS:-} --tag "$IMAGE" --file site/deploy/Dockerfile .
buildah images "$IMAGE"

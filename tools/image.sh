#!/bin/sh
# `make image`: the image of site/deploy/Dockerfile, made by buildah without a daemon nor containers (isolation chroot), as root.
# Its base is made of Debian's own signed packages the first time, and fixed by its digest from then on. BUILDAH_ARGS go to
# `buildah build`: `--volume …` where a proxy has its own certificate.
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
digest=$(buildah inspect --type image --format '{{.FromImageDigest}}' "$BASE")
echo "Image, sur $BASE@$digest…"
# shellcheck disable=SC2086
buildah build --layers --network host --build-arg "BASE=$BASE@$digest" --label "org.opencontainers.image.base.digest=$digest" \
    ${BUILDAH_ARGS:-} --tag "$IMAGE" --file site/deploy/Dockerfile .
buildah images "$IMAGE"

# Notes what a write changed, for the cleanup.
note_write() {
  case $STATUS in 2??) WROTE=1 ;; *) return 0 ;; esac
  location=$(header Location) || location=
  [ -z "$location" ] || location=$(resolve "$URL" "$location")
  path=${REQUESTED#"$TARGET"}
  path=${path%%\?*}
  digest=
  case $REQUESTED in *[?\&]digest=*) digest=${REQUESTED##*[?&]digest=} ;; *[?\&]mount=*) digest=${REQUESTED##*[?&]mount=} ;; esac
  digest=$(printf '%s' "${digest%%&*}" | sed 's/%3A/:/')
  case "$METHOD $STATUS $path" in
    'POST 202 '*/blobs/uploads/)
      UPLOADS_IN=${path%/blobs/uploads/}
      printf '%s\n' "$location" >>uploads
      ;;
    'POST '*/blobs/uploads/) printf '%s\n' "${path%/blobs/uploads/}/blobs/$digest" >>pushed ;;
    'PUT '*/manifests/*)
      reference=${path##*/}
      case $reference in
        *:*) printf '%s\n' "$path" >>pushed ;;
        *) [ ! -f "$BODY" ] || printf '%s\n' "${path%/*}/sha256:$(sha256 "$BODY")" "$path" >>pushed ;;
      esac
      printf '%s\n' "$REQUESTED" | tr '?' '&' | tr '&' '\n' | while IFS= read -r given; do
        case $given in tag=*) printf '%s\n' "${path%/*}/${given#tag=}" ;; esac
      done >>pushed
      ;;
    'PATCH '*) forget_upload && printf '%s\n' "$location" >>uploads ;;
    'PUT '*)
      forget_upload
      [ -z "$digest" ] || printf '%s\n' "$UPLOADS_IN/blobs/$digest" >>pushed
      ;;
    'DELETE '*) forget_upload ;;
  esac
}

# Forgets the upload URL of the last request.
forget_upload() {
  closed=$(printf '%s' "$REQUESTED" | sed 's/[?&]digest=.*//')
  grep -vxF -e "$closed" uploads >uploads.rest || :
  mv uploads.rest uploads
}

# Deletes what the script pushed, the newest first; content that may have existed before stays.
clean_up() {
  trap - EXIT
  kept=0 all=0
  : >left
  { sed '1!G;h;$!d' uploads; sed '1!G;h;$!d' pushed; } 2>/dev/null | awk 'NF && !seen[$0]++' >doomed
  while read -r URL; do
    ! grep -qxF -e "${URL##*/}" constant || continue
    # The registry may name any host for an upload: nothing is deleted there.
    case $URL in /*) URL=$TARGET$URL ;; "$TARGET"/*) ;; *) continue ;; esac
    METHOD=DELETE
    exchange
    all=$((all + 1))
    case $STATUS in 2?? | 404) ;; *) printf '%s\n' "$URL" >>left ;; esac
  done <doomed
  # A tag that cannot be deleted may be gone with its manifest.
  while read -r URL; do
    METHOD=HEAD
    exchange
    [ "$STATUS" = 404 ] || kept=$((kept + 1))
  done <left
  [ "$kept" = 0 ] || printf 'cleanup: %s of %s items could not be deleted\n' "$kept" "$all" >&3
  cd / && rm -rf "$WORK"
}

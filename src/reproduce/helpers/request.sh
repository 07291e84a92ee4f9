# Sends a request and shows it with its response: METHOD URL [CURL-OPTION...]. Sets STATUS, and URL after redirects.
request() {
  METHOD=$1 URL=$2
  shift 2
  case $URL in
    '') stop 'the registry returned no URL for this request' ;;
    /*) URL=$TARGET$URL ;;
    *) is_url "$URL" || stop "the registry returned a URL that no request can be sent to: $URL" ;;
  esac
  printf '> %s %s\n' "$METHOD" "$URL" | printable
  REQUESTED=$URL
  exchange "$@"
  show_response
  [ "$STATUS" != 000 ] || check_target
  case $STATUS in
    401) ! header WWW-Authenticate >/dev/null || stop "${UNSENT:-the registry requires a login: set ASSAY_USERNAME and ASSAY_PASSWORD}" ;;
    429) stop 'the registry limits the rate of requests (429)' ;;
  esac
  case $METHOD in
    POST | PUT | PATCH | DELETE) note_write ;;
  esac
}

# Sends a request until it has its last response: logs in, follows redirects, waits where the registry limits the rate.
exchange() {
  R=response REDIRECTS=0 WAITS=0 LOGGED_IN=0
  while :; do
    send "$@"
    location=$(header Location) || location=
    case $STATUS in
      401)
        if [ "$LOGGED_IN" = 1 ] || ! log_in; then return 0; fi
        LOGGED_IN=1
        ;;
      307 | 308)
        [ -n "$location" ] && [ "$REDIRECTS" -lt 10 ] || return 0
        REDIRECTS=$((REDIRECTS + 1)) URL=$(resolve "$URL" "$location")
        ;;
      301 | 302 | 303)
        [ -n "$location" ] && [ "$REDIRECTS" -lt 10 ] || return 0
        case $METHOD in GET | HEAD) ;; *) return 0 ;; esac
        REDIRECTS=$((REDIRECTS + 1)) URL=$(resolve "$URL" "$location")
        ;;
      429)
        [ "$WAITS" -lt 3 ] || return 0
        WAITS=$((WAITS + 1))
        sleep 5
        ;;
      000)
        # A connection that is closed may be chance where the request only reads.
        case $METHOD in GET | HEAD) ;; *) return 0 ;; esac
        [ "$WAITS" -lt 2 ] || return 0
        WAITS=$((WAITS + 1))
        ;;
      *)
        # So may a response that breaks off.
        [ -n "$BROKEN" ] && [ "$METHOD" = GET ] && [ "$WAITS" -lt 2 ] || return 0
        WAITS=$((WAITS + 1))
        ;;
    esac
  done
}

# Sends the request once.
send() {
  digest=
  case $STATUS in 3??) digest=$(header Docker-Content-Digest) || digest= ;; esac
  rm -f response.*
  : >response.body
  # The credentials are in a file, and go to the registry alone.
  credentials=/dev/null
  case $URL in "$TARGET"/*) credentials=credentials ;; esac
  case $METHOD in
    HEAD) set -- -I -o /dev/null "$@" ;;
    *) set -- -X "$METHOD" -o response.body "$@" ;;
  esac
  case " $*" in
    *' Accept-Encoding:'*) ;;
    *) set -- -H 'Accept-Encoding: identity' "$@" ;;
  esac
  # A response that breaks off has a status and a part of its body.
  BROKEN=
  STATUS=$(curl -sS -g -m 120 --compressed -K "$credentials" -K options -H 'Expect:' -D response.raw -w '%{http_code}' "$@" --url "$URL" 2>response.error) || {
    if [ -s response.raw ]; then BROKEN=$(head -n 1 response.error); else STATUS=000; fi
  }
  # The last head, where there are several (100 Continue).
  [ ! -f response.raw ] || tr -d '\r' <response.raw | awk '/^HTTP\// { text = "" } { text = text $0 "\n" } END { printf "%s", text }' >response.headers
  [ -f response.headers ] || : >response.headers
  [ -z "$digest" ] || header Docker-Content-Digest >/dev/null || printf 'Docker-Content-Digest: %s\n' "$digest" >>response.headers
}

# Shows the status, the headers that matter here, and the beginning of a body that is text.
show_response() {
  if [ "$STATUS" = 000 ]; then
    printf '< no response: %s\n' "$(head -n 1 response.error)" | printable
    return 0
  fi
  printf '< %s\n' "$STATUS"
  grep -iE '^(content-|docker-|oci-|location:|range:|link:|etag:|warning:|www-authenticate:)' response.headers | sed 's/^/< /' | printable
  [ -z "$BROKEN" ] || printf '< (the response broke off: %s)\n' "$BROKEN" | printable
  bytes=$(size_of response.body)
  if [ "$bytes" -gt 0 ]; then
    if [ "$(LC_ALL=C tr -d '\11\12\15\40-\176\200-\377' <response.body | wc -c)" -eq 0 ]; then
      head -c 600 response.body | sed 's/^/< /' | printable
    else
      printf '< (%s)\n' "$(counted "$bytes" byte)"
    fi
  fi
}

# Removes the control characters of ASCII, and shows `?` in place of other characters that act on a terminal: C1 controls, and
# those that change the direction of text.
printable() {
  LC_ALL=C tr -cd '\11\12\40-\176\200-\377' |
    LC_ALL=C awk '{ gsub(/\302[\200-\237]|\330\234|\342\200[\216\217\252-\256]|\342\201[\246-\251]/, "?"); print }'
}

# A request got no response: says so if the registry answers no other request either.
check_target() {
  # curl prints the status also where the body breaks off.
  ready=$(curl -sS -g -m 30 -K options -o /dev/null -w '%{http_code}' --url "$TARGET/v2/" 2>ready.error) || :
  case $ready in '' | 000) stop "$TARGET does not respond: $(head -n 1 ready.error)" ;; esac
}

# Prints the lines of a response header, joined by commas. Fails if there are none.
header() {
  awk -v name="$1" '
    BEGIN { name = tolower(name) ":" }
    tolower(substr($0, 1, length(name))) == name {
      value = substr($0, length(name) + 1)
      sub(/^[ \t]+/, "", value); sub(/[ \t]+$/, "", value)
      text = text (found++ ? ", " : "") value
    }
    END { if (!found) exit 1; print text }' "$R.headers" 2>/dev/null
}

# Prints the absolute URL of a reference in the response to a URL.
resolve() {
  case $2 in
    [Hh][Tt][Tt][Pp]://* | [Hh][Tt][Tt][Pp][Ss]://*) printf '%s' "$2" ;;
    //*) printf '%s:%s' "${1%%:*}" "$2" ;;
    /*) printf '%s%s' "$(printf '%s' "$1" | sed 's,^\([a-zA-Z]*://[^/?#]*\).*,\1,')" "$2" ;;
    '?'*) printf '%s%s' "${1%%\?*}" "$2" ;;
    *) resolve_base=${1%%\?*} && printf '%s/%s' "${resolve_base%/*}" "$2" ;;
  esac
}

# Prints a URL with one more query parameter.
with_query() {
  case $1 in
    '') ;;
    *\?*) printf '%s&%s' "$1" "$2" ;;
    *) printf '%s?%s' "$1" "$2" ;;
  esac
}

# Prints a text as the value of a query parameter.
url_encoded() {
  printf '%s' "$1" | LC_ALL=C awk '
    BEGIN { for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i; ORS = "" }
    {
      for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (c ~ /[A-Za-z0-9._~-]/) print c; else printf "%%%02X", code[c]
      }
    }'
}

# Prints the URL of the last response's Location, or the earlier one if there is none.
new_location() {
  if location=$(header Location) && [ -n "$location" ]; then resolve "$URL" "$location"; else printf '%s' "$1"; fi
}

# Prints the repository, or the reference, that the last request names.
requested_repository() {
  printf '%s' "${REQUESTED#"$TARGET/v2/"}" | sed -E 's,/(tags/list|manifests/|blobs/|referrers/).*,,'
}

requested_reference() {
  requested_path=${REQUESTED%%\?*}
  printf '%s' "${requested_path##*/}" | sed 's/%3A/:/'
}

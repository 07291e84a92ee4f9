# Requests a page, and every page that a Link with rel="next" leads to: URL POINTER-OF-THE-LIST MOST-PAGES FOLLOW-LAST
# [CURL-OPTION...].
# The responses are in page1.*, page2.*, …; the elements of all lists together in items.flat. END says how it ended.
paginate() {
  PAGES=0 COUNT=0 END='' NEXT=$1 LIST=$2 START=$1
  MOST=$3 FOLLOW=$4
  shift 4
  # How many elements differ, and how many pages in a row brought no other one.
  DISTINCT=0 IDLE=0
  rm -f page* items.* visited
  : >items.flat
  : >visited
  while [ -z "$END" ]; do
    request GET "$NEXT" "$@"
    printf '%s\n' "$REQUESTED" >>visited
    PAGES=$((PAGES + 1))
    cp response.body "page$PAGES.body"
    cp response.headers "page$PAGES.headers"
    printf '%s' "$STATUS" >"page$PAGES.status"
    add_items || break
    NEXT=$(next_link)
    case $NEXT in
      'at '*) NEXT=$(resolve "$URL" "${NEXT#at }") ;;
      malformed) END=malformed && break ;;
      *) NEXT=$(after_last) ;;
    esac
    if [ -z "$NEXT" ]; then
      END=complete
    elif grep -qxF -e "$NEXT" visited; then
      END=loop
    elif [ "$PAGES" -ge "${MOST:-200}" ] || [ "$IDLE" -ge 30 ]; then
      END=long
    fi
  done
  printf '\tarray\t%s\n' "$COUNT" >>items.flat
}

# Adds the list of the last page to the elements.
add_items() {
  END=nolist
  [ "$STATUS" = 200 ] && flatten || return 1
  pair=$(json_at "$LIST") || return 1
  case $pair in array* | null*) END= ;; *) return 1 ;; esac
  FULL=${pair#*"	"}
  case $pair in null*) FULL=0 ;; esac
  POINTER=$LIST FROM=$COUNT LC_ALL=C awk -F '\t' '
    index($1, ENVIRON["POINTER"] "/") == 1 {
      rest = substr($1, length(ENVIRON["POINTER"]) + 2)
      element = rest; sub(/\/.*/, "", element)
      print "/" (element + ENVIRON["FROM"]) substr(rest, length(element) + 1) "\t" $2 "\t" $3
    }' "$FLAT" >>items.flat
  COUNT=$((COUNT + FULL))
  known=$DISTINCT IDLE=$((IDLE + 1))
  DISTINCT=$(cut -f 2- items.flat | sort -u | wc -l)
  [ "$DISTINCT" -eq "$known" ] || IDLE=0
}

# Prints the URL after a full page without a Link: the first one with the last element as `last`.
after_last() {
  [ -n "$FOLLOW" ] || return 0
  case $START in *[?\&]n=*) asked=${START##*n=} && asked=${asked%%&*} ;; *) return 0 ;; esac
  case $asked in '' | *[!0-9]* | ??????????*) return 0 ;; esac
  [ "$FULL" -ge "$asked" ] && [ "$FULL" -gt 0 ] || return 0
  last=$(json_at "$LIST/$((FULL - 1))") || return 0
  first=$(printf '%s' "$START" | sed 's/\([?&]\)last=[^&]*&\{0,1\}/\1/; s/[?&]$//')
  with_query "$(resolve "$URL" "$first")" "last=$(url_encoded "${last#*"	"}")"
}

# Whether a test holds for each page.
each_page() {
  page=1
  while [ "$page" -le "$PAGES" ]; do
    R=page$page
    STATUS=$(cat "$R.status")
    "$1" || {
      ACTUAL="page $page: $ACTUAL"
      R=response
      return 1
    }
    page=$((page + 1))
  done
  R=response
}

# Runs a test of JSON on the elements of all pages together.
items() {
  LISTED=1
  "$@"
  items_status=$?
  LISTED=
  return "$items_status"
}

# Whether the pages end, by well-formed Links and without a loop.
pages_end() {
  [ "$END" != complete ] || return 0
  case $END in
    loop) ACTUAL="after $(counted "$PAGES" page), a Link leads back to $NEXT" ;;
    malformed) ACTUAL="after $(counted "$PAGES" page), a Link that cannot be followed: $(header Link)" ;;
    nolist) ACTUAL="after $(counted "$PAGES" page): a page is not a list" ;;
    *) ACTUAL="no last page within $(counted "$PAGES" page)" ;;
  esac
  return 1
}

# Whether the list was not cut by a Link that cannot be followed.
pages_whole() {
  case $END in loop | malformed) return 1 ;; esac
}

# Prints what the Link header (RFC 8288) says of the next page: `at URL`, `malformed`, `misleads` or `none`.
next_link() {
  link=$(header Link) || {
    printf 'none'
    return 0
  }
  printf '%s\n' "$link" | LC_ALL=C awk '
    function skip(set) { while (i <= n && index(set, substr(s, i, 1))) i++ }
    function token(   v, c) {
      v = ""
      while (i <= n && !index("; ,\t=", c = substr(s, i, 1))) { v = v c; i++ }
      return v
    }
    function quoted(   v, c) {
      v = ""; i++
      while (i <= n) {
        c = substr(s, i, 1); i++
        if (c == "\"") return v
        if (c == "\\") { c = substr(s, i, 1); i++ }
        v = v c
      }
      bad = 1
      return v
    }
    {
      s = $0; n = length(s); i = 1
      while (1) {
        skip(", \t")
        if (i > n) break
        links++
        if (substr(s, i, 1) != "<" || !(close_at = index(substr(s, i), ">"))) { bad = 1; break }
        target = substr(s, i + 1, close_at - 2); i += close_at
        relations = ""; found = 0
        while (1) {
          skip(" \t")
          if (i > n || substr(s, i, 1) == ",") break
          if (substr(s, i, 1) != ";") { bad = 1; break }
          i++; skip(" \t"); name = tolower(token()); skip(" \t"); v = ""
          if (substr(s, i, 1) == "=") {
            i++; skip(" \t")
            if (substr(s, i, 1) == "\"") v = quoted()
            else { v = ""; while (i <= n && !index("; ,\t", c = substr(s, i, 1))) { v = v c; i++ } }
          }
          if (bad) break
          if (name == "rel" && !found) { relations = v; found = 1 }
        }
        if (!found) bad = 1
        if (bad) break
        count = split(tolower(relations), relation, /[ \t]+/)
        for (k = 1; k <= count; k++) {
          if (relation[k] == "next") { gsub(/^[ \t]+|[ \t]+$/, "", target); print "at " target; done = 1; exit }
          if (relation[k] == "prev" || relation[k] == "previous") back = 1
          if (relation[k] ~ /^\047*next/ && relation[k] != "next-archive" && relation[k] !~ /:/) back = 1
        }
      }
    }
    END { if (!done) print bad ? "malformed" : (back || !links) ? "misleads" : "none" }'
}

# Whether the Link header has the quality: next, none, formed or forward.
link_is() {
  next=$(next_link)
  case "$1 $next" in
    'next at '* | 'none none' | 'none misleads' | 'forward at '* | 'forward none') return 0 ;;
    'formed malformed') ;;
    formed*) return 0 ;;
  esac
  ACTUAL="header Link: $(header Link || printf 'absent')"
  return 1
}

# Whether each page that was requested has a list.
pages_listed() {
  [ "$END" != nolist ]
}

# Prints the hexadecimal sha256 or sha512 of a file.
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

sha512() {
  if command -v sha512sum >/dev/null; then sha512sum <"$1"; else shasum -a 512 <"$1"; fi | cut -d ' ' -f 1
}

# Prints the number of bytes of a file.
size_of() {
  wc -c <"$1" | tr -d ' '
}

# Prints a number of things: NUMBER NAME.
counted() {
  if [ "$1" = 1 ]; then printf '1 %s' "$2"; else printf '%s %ss' "$1" "$2"; fi
}

# Makes a file of random bytes: FILE SIZE.
random() {
  [ "$2" -le 67108864 ] || stop "the case needs $2 bytes of content, and the limit is 67108864"
  head -c "$2" /dev/urandom >"$1"
}

# Makes a compressed archive of one file of random bytes: FILE SIZE.
tar_gzip() {
  random file "$2"
  tar -cf - file | gzip -c >"$1"
}

# Appends white space until a file has a size: FILE SIZE.
pad() {
  missing=$(($2 - $(size_of "$1")))
  head -c "$missing" /dev/zero | tr '\0' ' ' >>"$1"
}

# Prints a part of a file: FILE START LENGTH.
part() {
  tail -c +$(($2 + 1)) "$1" | head -c "$3"
}

# Prints the larger number; a text that is no number counts as 0, and so does one with a zero before it, which arithmetic
# reads as octal.
larger() {
  case $1 in '' | *[!0-9]* | 0?* | ?????????*) set -- 0 "$2" ;; esac
  case $2 in '' | *[!0-9]* | 0?* | ?????????*) set -- "$1" 0 ;; esac
  if [ "$1" -gt "$2" ]; then printf '%s' "$1"; else printf '%s' "$2"; fi
}

# Marks content that is the same in every run: it may exist already, and is not deleted.
constant() {
  printf '%s\n' "$1" >>constant
}

# What the tests in the virtual machine share. Lines that begin with @ are for the desk, which judges them.
fault=0

fail() {
  echo "@FAILED $*"
  fault=1
}

# Waits until a file has more than so many lines.
lines_beyond() {
  for attempt in $(seq 300); do
    [ "$(wc -l < "$1")" -gt "$2" ] && return 0
    usleep 50000
  done
  return 1
}

# Shows pictures on vivid's output until hide; the arguments are those of scene.
show() {
  ./scene "$@" > /tmp/scene.log 2>&1 &
  scene=$!
  for attempt in $(seq 100); do
    grep -q showing /tmp/scene.log && return
    usleep 20000
  done
  fail "scene $*: $(cat /tmp/scene.log)"
}

hide() {
  kill "$scene" 2>/dev/null
  wait "$scene" 2>/dev/null
}

# Captures in a format (the fourth argument is the program) and counts the frames that are the 3 or the 8 of a kind.
capture_exactly() {
  name=$1 format=$2 kind=$3 program=$4
  mkdir -p "/tmp/$name"
  "$program" capture --device /dev/video0 --format "$format" --frames "$FRAMES" --output "/tmp/$name" 2>/tmp/capture.log ||
    fail "capture $name: $(cat /tmp/capture.log)"
  exact=0
  for frame in "/tmp/$name"/*.pgm; do
    if cmp -s "$frame" "/tmp/drawn/3$kind.pgm" || cmp -s "$frame" "/tmp/drawn/8$kind.pgm"; then exact=$((exact + 1)); fi
  done
  echo "@CAPTURE $name exact=$exact of=$(ls "/tmp/$name" | wc -l)"
  rm -r "/tmp/$name"
}

# The program runs on through the faults, an answer a frame.
begin_faults() {
  ./quill-camera model.quill --format grey --wait > /tmp/answers 2>/tmp/states &
  camera=$!
  : > /tmp/recovered
  lines_beyond /tmp/answers 100 || fail "no frames before the faults: $(cat /tmp/states)"
}

# Frames come again after a fault, which is counted by its name.
recovers() {
  lines_beyond /tmp/answers $(($1 + 12)) && echo "$2" >> /tmp/recovered && return 0
  fail "no frames after $2: $(tail -n 3 /tmp/states)"
  return 1
}

# The program's own memory, in KiB, and its open descriptors.
holdings() {
  echo "@HOLDS $1 $(awk '/RssAnon/ { print $2 }' "/proc/$camera/status") $(ls "/proc/$camera/fd" | wc -l)"
}

end_faults() {
  sort /tmp/recovered | uniq -c | sed 's/^/@RECOVERED /'
  sed 's/^[^:]*: //; s/video[0-9]*/videoN/' /tmp/states | sort | uniq -c | sed 's/^/@STATE /'
  kill -TERM "$camera"
  wait "$camera"
  echo "@STOPPED $?"
  # How old frames were when the program got them, the oldest last, to find a stale one.
  sed 's/.*"captureMicroseconds":\([0-9]*\).*/@AGE \1/' /tmp/answers | sort -k2 -n | tail -n 1
  echo "@ANSWERED $(wc -l < /tmp/answers)"
  echo "@LOST $(sed 's/.*"lost":\([0-9]*\).*/\1/' /tmp/answers | awk '{ sum += $1 } END { print sum }')"
}

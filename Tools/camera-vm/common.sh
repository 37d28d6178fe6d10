# What the tests in the virtual machine share. Lines that begin with @ are for the desk, which judges them.
fault=0

fail() {
  echo "@FAILED $*"
  fault=1
}

# Waits until a file has more than so many lines.
lines_beyond() {
  for attempt in $(seq 600); do
    [ "$(wc -l < "$1")" -gt "$2" ] && return 0
    usleep 20000
  done
  return 1
}

# Captures in a format (the third argument's program) and counts the frames that are the 3 or the 8 of a kind.
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
  lines_beyond /tmp/answers 100 || fail "no frames before the faults: $(cat /tmp/states)"
  echo "@MEMORY before $(awk '/RssAnon/ { print $2 }' "/proc/$camera/status")"
}

# Frames come again after a fault.
recovers() {
  lines_beyond /tmp/answers $(($1 + 12)) && return 0
  fail "no frames after $2: $(tail -n 3 /tmp/states)"
  return 1
}

end_faults() {
  echo "@DESCRIPTORS $(ls "/proc/$camera/fd" | wc -l)"
  echo "@MEMORY after $(awk '/RssAnon/ { print $2 }' "/proc/$camera/status")"
  sed 's/^[^:]*: //; s/video[0-9]*/videoN/' /tmp/states | sort | uniq -c | sed 's/^/@STATE /'
  kill -TERM "$camera"
  wait "$camera"
  echo "@STOPPED $?"
  # Each answer's age and frames lost, to find a stale one, and one that was counted wrong.
  sed 's/.*"ageMicroseconds":\([0-9]*\).*"dropped":\([0-9]*\),"lost":\([0-9]*\).*/@AGE \1 \2 \3/' /tmp/answers |
    sort -k2 -n | tail -n 1
  echo "@ANSWERED $(wc -l < /tmp/answers)"
}

#!/bin/sh
# Fuzzes the ONNX reader, rewrite and writer with libFuzzer and the address sanitizer, from the committed fixtures.
# Usage: Tools/fuzz/onnx.sh [SECONDS]   (default 60; findings are left in the build folder and named)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${QUILL_FUZZ_BUILD:-${TMPDIR:-/tmp}/quill-fuzz-onnx}
seconds=${1:-60}
mkdir -p "$build/corpus"
cd "$build"

flags="-O -wmo -swift-version 6 -parse-as-library -package-name quill -sanitize=fuzzer,address -I . -Xcc -fmodule-map-file=$build/module.modulemap"
echo "module CQuillFloatKernels { header \"$root/Sources/CQuillFloatKernels/include/CQuillFloatKernels.h\" }" >module.modulemap
clang -O2 -c "$root"/Sources/CQuillFloatKernels/*.c -I "$root/Sources/CQuillFloatKernels/include"
module() {
  # shellcheck disable=SC2086
  find "$root/Sources/$1" -name '*.swift' -print0 \
    | xargs -0 swiftc $flags -module-name "$1" -emit-module -emit-module-path "$1.swiftmodule" -emit-object -o "$1.o"
}
module QuillFloat
module QuillONNX
# shellcheck disable=SC2086
swiftc $flags "$root/Tools/fuzz/onnx.swift" ./*.o -o fuzz-onnx
cp "$root"/Tests/QuillONNXTests/Fixtures/*.onnx corpus/
ASAN_OPTIONS=detect_leaks=0 ./fuzz-onnx -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=10 -max_len=16384 \
  -print_final_stats=1 corpus

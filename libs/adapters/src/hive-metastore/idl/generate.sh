#!/bin/sh
# Makes ../gen from metastore.thrift. Needs the Thrift compiler 0.17 (`apt-get install thrift-compiler`).
# `es6`: the older form of generated code needs the package q, which thrift 0.24 no longer brings.
set -eu
cd "$(dirname "$0")"
rm -rf ../gen
mkdir ../gen
thrift --gen js:node,es6,ts -out ../gen metastore.thrift
# The generated code is CommonJS inside an ESM package.
printf '{ "type": "commonjs" }\n' > ../gen/package.json

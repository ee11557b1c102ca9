#!/usr/bin/env bash
# Makes what compose.yaml mounts, in the folder of this script: an authority, a certificate for each of three nodes, a token for clients,
# and the three configurations. What is there already is kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
jar=../../target/mesohub.jar
[ -f "$jar" ] || { echo "certificates.sh: $jar is missing; build it first (mvn -q package -DskipTests)" >&2; exit 1; }

umask 077
mkdir -p certificates
[ -f certificates/authority.pem ] || java -jar "$jar" cert authority -o certificates
[ -f client.token ] || { head -c 24 /dev/urandom | base64 | tr '+/' '-_' >client.token; }
# Read by the user of the container.
chmod 644 client.token

for number in 1 2 3; do
  folder="certificates/node$number"
  if [ ! -d "$folder" ]; then
    java -jar "$jar" cert node "node$number" --host "node$number" -o certificates
    mkdir -p "$folder"
    mv "certificates/node$number.pem" "$folder/node.pem"
    mv "certificates/node$number-key.pem" "$folder/node-key.pem"
    cp certificates/authority.pem "$folder/authority.pem"
    # The container's user reads them; the folder itself is the owner's only.
    chmod 755 "$folder" && chmod 644 "$folder"/*.pem
  fi
  [ -f "node-$number.yaml" ] || sed "s/@NUMBER@/$number/g" node.yaml.in >"node-$number.yaml"
  chmod 644 "node-$number.yaml"
done
chmod 711 certificates

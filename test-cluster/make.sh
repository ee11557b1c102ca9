# shellcheck shell=bash disable=SC2154
# Sourced by up.sh: configurations, certificates and network of a test cluster.

# Whether nothing listens on a port of this machine.
port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Ports below those that the kernel gives to clients.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    [[ " ${taken_ports:-} " != *" $port "* ]] && port_free "$port" && break
  done
  taken_ports="${taken_ports:-} $port"
  chosen_port=$port
}

# make_cluster N NETNS DISK
make_cluster() {
  local nodes=$1 netns=$2 disk=$3 number kind
  local -A port
  local token=
  [ "$netns" = 0 ] || token=test-cluster-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
  for number in $(seq 1 "$nodes"); do
    for kind in public discovery bus internal; do
      if [ "$netns" = 1 ]; then
        case $kind in public) chosen_port=8080 ;; discovery) chosen_port=5701 ;; bus) chosen_port=5801 ;; internal) chosen_port=8081 ;; esac
      else
        free_port
      fi
      port[$kind$number]=$chosen_port
    done
  done
  host_of() { if [ "$netns" = 1 ]; then echo "$prefix.$1"; else echo 127.0.0.1; fi; }

  [ "$netns" = 0 ] || [ "$nodes" = 1 ] || make_certificates "$nodes"
  : >"$run/nodes.tsv.part"
  for number in $(seq 1 "$nodes"); do
    mkdir -p "$run/node$number/data"
    write_config "$number" "$nodes" >"$run/node$number/node.yaml"
    printf '%s\tnode%s\t%s:%s\t%s\n' "$number" "$number" "$(host_of "$number")" "${port[public$number]}" "$run/node$number" \
      >>"$run/nodes.tsv.part"
  done
  mv "$run/nodes.tsv.part" "$run/nodes.tsv"
  printf 'count=%s\nnetns=%s\ndisk=%s\ntoken=%s\n' "$nodes" "$netns" "$disk" "$token" >"$run/cluster.env"
}

write_config() {
  local self=$1 nodes=$2 number
  echo "node: {id: node$self, number: $self}"
  echo "data: data"
  echo "listen: $(host_of "$self"):${port[public$self]}"
  echo "cluster:"
  echo "  id: test-cluster"
  if [ "$nodes" -gt 1 ]; then
    echo "  replication: 3"
    echo "  members:"
    for number in $(seq 1 "$nodes"); do
      echo "    - {id: node$number, number: $number, host: $(host_of "$number"), discoveryPort: ${port[discovery$number]}, busPort: ${port[bus$number]}," \
        "internalPort: ${port[internal$number]}, public: '$(host_of "$number"):${port[public$number]}', contact: true}"
    done
    if [ "$netns" = 1 ]; then
      echo "tls: {certificate: ../tls/node$self.pem, key: ../tls/node$self-key.pem, authority: ../tls/authority.pem}"
    else
      echo "tls: {plaintext: true}"
    fi
  fi
  [ -z "${MESOHUB_TEST_CONFIG:-}" ] || echo "$MESOHUB_TEST_CONFIG"
  if [ -n "$token" ]; then
    echo "security: {tokens: [{principal: test, token: $token, rights: [read, put, delete, admin]}]}"
  fi
}

# A small authority and a certificate for each node.
make_certificates() {
  local number
  java -jar "$run/mesohub.jar" cert authority -o "$run/tls"
  for number in $(seq 1 "$1"); do
    java -jar "$run/mesohub.jar" cert node "node$number" --host "$(host_of "$number")" -o "$run/tls"
  done
}

# A namespace for each node and one for the bridge between them, where clients run too. Nothing of it touches the machine's own network.
make_network() {
  local number
  if ! ip netns list | grep -qw mh-hub; then
    ip netns add mh-hub
    ip -n mh-hub link set lo up
    ip -n mh-hub link add br0 type bridge
    ip -n mh-hub addr add "$prefix.254/24" dev br0
    ip -n mh-hub link set br0 up
  fi
  for number in $(seq 1 "$count"); do
    ip netns list | grep -qw "mh-n$number" && continue
    ip netns add "mh-n$number"
    ip -n "mh-n$number" link set lo up
    ip -n mh-hub link add "p$number" type veth peer name eth0 netns "mh-n$number"
    ip -n mh-hub link set "p$number" master br0 up
    ip -n "mh-n$number" addr add "$prefix.$number/24" dev eth0
    ip -n "mh-n$number" link set eth0 up
  done
}

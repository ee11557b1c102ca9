package org.mesohub.grpc;

import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.Right;

/**
 * What a relayed call says besides its own: who calls, checked where the call arrived, and that it
 * was relayed. Believed on the internal port only.
 */
final class RelayHeaders {
  /** Name of the caller, percent-encoded. */
  static final String PRINCIPAL = "mesohub-principal";

  /** What the caller may do, separated by commas. */
  static final String RIGHTS = "mesohub-rights";

  /** Id of the node that relayed the call; such a call is never relayed again. */
  static final String RELAYED = "mesohub-relayed";

  /** Name of the cluster whose certificate a connection to the public port has shown. */
  static final String CERTIFIED = "mesohub-certified";

  /** {@code true}: the client wants to be told the leader's address rather than be relayed. */
  static final String REDIRECT = "mesohub-redirect";

  /** Trailer with the leader's public address. */
  static final String LEADER = "mesohub-leader";

  private static final List<String> INTERNAL = List.of(PRINCIPAL, RIGHTS, RELAYED, CERTIFIED);

  /** Lets nodes in with what they say of the caller. */
  static final Admission INTERNAL_PORT = RelayHeaders::admit;

  private RelayHeaders() {}

  /** The header that only nodes may send among these; null when there is none. */
  static @Nullable String forged(MultiMap headers) {
    return INTERNAL.stream().filter(headers::contains).findFirst().orElse(null);
  }

  static void set(MultiMap headers, Principal principal, String nodeId) {
    headers.set(PRINCIPAL, URLEncoder.encode(principal.name(), StandardCharsets.UTF_8));
    headers.set(
        RIGHTS, principal.rights().stream().map(Right::toString).collect(Collectors.joining(",")));
    headers.set(RELAYED, nodeId);
  }

  private static Principal admit(MultiMap headers, @Nullable Right right) {
    if (right == null) {
      return Principal.ANONYMOUS;
    }
    String name = headers.get(PRINCIPAL);
    String rights = headers.get(RIGHTS);
    if (name == null || rights == null || !headers.contains(RELAYED)) {
      throw new ApiException(
          ApiException.Reason.UNAUTHENTICATED,
          "this port is for nodes of the cluster among themselves: call the public port");
    }
    var principal = new Principal(URLDecoder.decode(name, StandardCharsets.UTF_8), parse(rights));
    Principals.demand(principal, right);
    return principal;
  }

  private static Set<Right> parse(String rights) {
    var set = EnumSet.noneOf(Right.class);
    for (String right : rights.split(",")) {
      for (Right known : Right.values()) {
        if (known.toString().equals(right.strip().toLowerCase(Locale.ROOT))) {
          set.add(known);
        }
      }
    }
    return set;
  }
}

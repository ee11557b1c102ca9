package org.mesohub.grpc;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mesohub.api.ApiException;
import org.mesohub.api.Right;

/**
 * Finds out who calls, by {@code authorization: Bearer <token>}, or, without one, by the
 * certificate of a cluster. Without tokens everybody is {@code anonymous} with all rights. Only the
 * tokens' SHA-256 stays in memory. Thread-safe, immutable.
 */
public final class Principals implements Admission {
  private static final String SCHEME = "Bearer ";

  private static final Set<Right> EVERYTHING = Set.copyOf(EnumSet.allOf(Right.class));

  /** What a cluster may do that is known by its certificate. */
  private static final Set<Right> OF_CLUSTERS = Set.of(Right.PEER);

  private final List<Known> known;

  private record Known(Principal principal, byte[] hash) {}

  /**
   * A token as configured.
   *
   * @param name who has it
   * @param token the secret
   * @param rights what they may do
   */
  public record Token(String name, String token, Set<Right> rights) {
    /** Keeps the secret out of logs. */
    @Override
    public String toString() {
      return "Token[name=" + name + ", rights=" + rights + "]";
    }
  }

  private Principals(List<Known> known) {
    this.known = known;
  }

  /** Those who have one of the tokens; everybody when the list is empty. */
  public static Principals of(List<Token> tokens) {
    return new Principals(
        tokens.stream()
            .map(t -> new Known(new Principal(t.name(), t.rights()), sha256(t.token())))
            .toList());
  }

  /** Who sent this header. Fails as UNAUTHENTICATED for a header that names nobody known. */
  Principal authenticate(@Nullable String authorization) {
    if (known.isEmpty()) {
      return Principal.ANONYMOUS;
    }
    if (authorization == null) {
      return Principal.STRANGER;
    }
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw unauthenticated("the authorization metadata must read: Bearer <token>");
    }
    byte[] hash = sha256(authorization.substring(SCHEME.length()).trim());
    Principal found = null;
    for (Known one : known) { // all of them: the time taken tells nothing
      if (MessageDigest.isEqual(one.hash(), hash)) {
        found = one.principal();
      }
    }
    if (found == null) {
      throw unauthenticated("unknown token: ask the operator of this node for one");
    }
    return found;
  }

  /**
   * Fails as UNAUTHENTICATED or FORBIDDEN unless the sender of this header has a right; null asks
   * for none.
   */
  Principal authorize(@Nullable String authorization, @Nullable Right right) {
    if (right == null) {
      return Principal.ANONYMOUS;
    }
    Principal principal = authenticate(authorization);
    if (principal == Principal.STRANGER) {
      throw unauthenticated("this node wants a token: send authorization metadata, Bearer <token>");
    }
    demand(principal, right);
    return principal;
  }

  /** Fails as FORBIDDEN unless the principal has a right. */
  static void demand(Principal principal, Right right) {
    if (!principal.rights().contains(right)) {
      throw new ApiException(
          ApiException.Reason.FORBIDDEN,
          "the token of " + principal.name() + " lacks the right to " + right);
    }
  }

  @Override
  public Principal admit(MultiMap headers, @Nullable Right right) {
    String authorization = headers.get("authorization");
    String cluster = headers.get(RelayHeaders.CERTIFIED);
    if (right == null || authorization != null || cluster == null) {
      return authorize(authorization, right);
    }
    var principal = new Principal(cluster, known.isEmpty() ? EVERYTHING : OF_CLUSTERS);
    demand(principal, right);
    return principal;
  }

  private static ApiException unauthenticated(String message) {
    return new ApiException(ApiException.Reason.UNAUTHENTICATED, message);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

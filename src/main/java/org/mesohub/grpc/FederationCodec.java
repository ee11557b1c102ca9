package org.mesohub.grpc;

import static org.mesohub.grpc.Invalid.invalid;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.mesohub.api.FederationApi.Reachable;
import org.mesohub.api.PeerOutcome;
import org.mesohub.api.RelayedQuery;
import org.mesohub.observation.StationSelector;
import org.mesohub.observation.TimeRange;
import org.mesohub.proto.v1.QueryRequest;
import org.mesohub.query.BoundingBox;
import org.mesohub.query.Condition;
import org.mesohub.query.Query;
import org.mesohub.query.Selection;
import org.mesohub.routing.DayFilter;
import org.mesohub.routing.DaysPart;
import org.mesohub.routing.Digest;
import org.mesohub.routing.RequestId;
import org.mesohub.routing.Ticket;

/**
 * What clusters tell each other, between the domain and {@code mesohub.v1.FederationService}. What
 * is read is checked; what breaks a rule fails as INVALID with the field's name.
 */
public final class FederationCodec {
  private static final int ID_BYTES = 16;

  /** A filter of more bits than this must have some of them set: it takes memory for all. */
  private static final int BITS_FREE = 1 << 20;

  private static final int BITS_OF_A_BYTE = 8 * 64;

  /** Most networks of a digest. */
  private static final int NETWORKS_MAX = 100_000;

  /** Most clusters behind one. */
  private static final int REACHABLE_MAX = 1_000;

  private static final int TEXT_CHARS_MAX = 500;
  private static final int NAME_BYTES_MAX = 128;

  private FederationCodec() {}

  public static org.mesohub.proto.v1.Digest write(Digest digest) {
    return org.mesohub.proto.v1.Digest.newBuilder()
        .setGeneration(digest.generation())
        .setVersion(digest.version())
        .setCompleteToUs(digest.completeToMicros())
        .setFirstDay(digest.firstDay())
        .setLastDay(digest.lastDay())
        .addAllNetworks(digest.networks())
        .setBits(digest.filter().bits())
        .setHashes(digest.filter().hashes())
        .setFilter(ByteString.copyFrom(digest.filter().words()))
        .build();
  }

  /**
   * @param cluster whose holdings these are
   */
  public static Digest read(String cluster, org.mesohub.proto.v1.Digest digest) {
    if (digest.getNetworksCount() > NETWORKS_MAX) {
      throw invalid("digest.networks: " + digest.getNetworksCount() + ", at most " + NETWORKS_MAX);
    }
    long bytes = digest.getFilter().size();
    if (digest.getBits() > BITS_FREE && digest.getBits() > BITS_OF_A_BYTE * bytes) {
      throw invalid(
          "digest.bits: %d bits in %d bytes, nearly all of them zero"
              .formatted(digest.getBits(), bytes));
    }
    try {
      return new Digest(
          cluster,
          digest.getGeneration(),
          digest.getVersion(),
          digest.getCompleteToUs(),
          digest.getFirstDay(),
          digest.getLastDay(),
          Collections.unmodifiableSortedSet(new TreeSet<>(digest.getNetworksList())),
          DayFilter.of(digest.getBits(), digest.getHashes(), digest.getFilter().toByteArray()));
    } catch (IllegalArgumentException e) {
      throw invalid("digest: " + e.getMessage());
    }
  }

  /** Clusters behind another; beyond {@link #REACHABLE_MAX} it is not believed. */
  public static List<Reachable> reachable(List<org.mesohub.proto.v1.Reachable> messages) {
    if (messages.size() > REACHABLE_MAX) {
      throw invalid("reachable: " + messages.size() + " clusters, at most " + REACHABLE_MAX);
    }
    long bits = messages.stream().mapToLong(other -> other.getDigest().getBits()).sum();
    if (bits > DayFilter.BITS_MAX) {
      throw invalid("reachable: filters of " + bits + " bits, at most " + DayFilter.BITS_MAX);
    }
    return messages.stream()
        .map(
            other ->
                new Reachable(
                    other.getCluster(),
                    other.getHops(),
                    other.getVersion(),
                    other.getAgeMs(),
                    other.hasDigest() ? read(other.getCluster(), other.getDigest()) : null))
        .toList();
  }

  public static org.mesohub.proto.v1.RelayedQuery write(RelayedQuery relayed) {
    var message =
        org.mesohub.proto.v1.RelayedQuery.newBuilder()
            .setTicket(write(relayed.ticket()))
            .setQuery(write(relayed.query()))
            .setLatest(relayed.latest())
            .setPatienceMs(relayed.patienceMillis());
    for (DaysPart part : relayed.parts()) {
      boolean many = part.networks().size() > Requests.LIST_MAX;
      message.addParts(
          org.mesohub.proto.v1.DaysPart.newBuilder()
              .setFirstDay(part.firstDay())
              .setLastDay(part.lastDay())
              .addAllNetworks(many ? List.of() : part.networks()));
    }
    return message.build();
  }

  static RelayedQuery read(org.mesohub.proto.v1.RelayedQuery message) {
    if (!message.hasTicket() || !message.hasQuery()) {
      throw invalid("ticket, query: both are needed");
    }
    Query query = Requests.query(message.getQuery());
    if (query.history() || query.asOfCommit() != 0 || message.getQuery().getCountOnly()) {
      throw invalid("query: history, commits and counts are not passed on between clusters");
    }
    return new RelayedQuery(
        read(message.getTicket()),
        query.stamp(),
        message.getLatest(),
        parts(message.getPartsList()),
        Math.max(0, message.getPatienceMs()));
  }

  private static List<DaysPart> parts(List<org.mesohub.proto.v1.DaysPart> messages) {
    if (messages.size() > DaysPart.PARTS_MAX) {
      throw invalid("parts: " + messages.size() + ", at most " + DaysPart.PARTS_MAX);
    }
    var parts = new ArrayList<DaysPart>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      org.mesohub.proto.v1.DaysPart part = messages.get(i);
      boolean ordered =
          part.getFirstDay() <= part.getLastDay()
              && (i == 0 || messages.get(i - 1).getLastDay() < part.getFirstDay());
      if (!ordered) {
        throw invalid("parts[" + i + "]: days must ascend from part to part without overlap");
      }
      if (part.getNetworksCount() > Requests.LIST_MAX) {
        throw invalid("parts[" + i + "].networks: at most " + Requests.LIST_MAX);
      }
      parts.add(
          new DaysPart(
              part.getFirstDay(), part.getLastDay(), new TreeSet<>(part.getNetworksList())));
    }
    return parts;
  }

  private static org.mesohub.proto.v1.Ticket write(Ticket ticket) {
    var id = ByteBuffer.allocate(ID_BYTES);
    id.putLong(ticket.requestId().high());
    id.putLong(ticket.requestId().low());
    return org.mesohub.proto.v1.Ticket.newBuilder()
        .setRequestId(ByteString.copyFrom(id.array()))
        .setOrigin(ticket.origin())
        .addAllPath(ticket.path())
        .addAllAsked(ticket.asked())
        .setHopsLeft(ticket.hopsLeft())
        .setCallsLeft(ticket.callsLeft())
        .build();
  }

  private static Ticket read(org.mesohub.proto.v1.Ticket ticket) {
    if (ticket.getRequestId().size() != ID_BYTES) {
      throw invalid("ticket.request_id: 16 bytes are needed");
    }
    if (ticket.getAskedCount() > REACHABLE_MAX) {
      throw invalid("ticket.asked: at most " + REACHABLE_MAX + " names of clusters");
    }
    if (ticket.getPathCount() > Ticket.PATH_MAX
        || ticket.getPathList().stream().anyMatch(name -> name.length() > NAME_BYTES_MAX)) {
      throw invalid("ticket.path: at most " + Ticket.PATH_MAX + " names of clusters");
    }
    ByteBuffer id = ticket.getRequestId().asReadOnlyByteBuffer();
    try {
      return new Ticket(
          new RequestId(id.getLong(), id.getLong()),
          ticket.getOrigin(),
          ticket.getPathList(),
          new TreeSet<>(ticket.getAskedList()),
          ticket.getHopsLeft(),
          ticket.getCallsLeft());
    } catch (IllegalArgumentException e) {
      throw invalid("ticket: " + e.getMessage());
    }
  }

  private static QueryRequest write(Query query) {
    return QueryRequest.newBuilder()
        .setSelection(write(query.selection()))
        .addAllVariables(query.variables())
        .setUnits(query.units())
        .setLimit(query.limit())
        .build();
  }

  private static org.mesohub.proto.v1.Selection write(Selection selection) {
    var message = org.mesohub.proto.v1.Selection.newBuilder();
    if (!selection.range().equals(TimeRange.ALL)) {
      message.setFromUs(selection.range().fromMicros()).setToUs(selection.range().toMicros());
    }
    for (StationSelector station : selection.stations()) {
      message.addStations(
          station.network().isEmpty() && station.station().indexOf('/') < 0
              ? station.station()
              : station.network() + "/" + station.station());
    }
    message.addAllNetworks(new TreeSet<>(selection.networks()));
    BoundingBox box = selection.bbox();
    if (box != null) {
      message.setBbox(
          org.mesohub.proto.v1.BoundingBox.newBuilder()
              .setWest(box.west())
              .setSouth(box.south())
              .setEast(box.east())
              .setNorth(box.north()));
    }
    for (Condition condition : selection.where()) {
      message.addWhere(
          org.mesohub.proto.v1.Condition.newBuilder()
              .setVariable(condition.variable())
              .setOp(org.mesohub.proto.v1.Condition.Op.valueOf(condition.op().name()))
              .addAllValues(condition.values())
              .setUnit(condition.unit()));
    }
    return message.build();
  }

  static org.mesohub.proto.v1.PeerOutcome write(PeerOutcome outcome) {
    return org.mesohub.proto.v1.PeerOutcome.newBuilder()
        .setCluster(outcome.cluster())
        .setState(org.mesohub.proto.v1.PeerOutcome.State.valueOf(outcome.state().name()))
        .setRows(outcome.rows())
        .setText(outcome.text())
        .build();
  }

  /** Outcomes of an answer's end; states of a later release count as PARTIAL. */
  public static List<PeerOutcome> outcomes(List<org.mesohub.proto.v1.PeerOutcome> messages) {
    var outcomes = new ArrayList<PeerOutcome>();
    for (org.mesohub.proto.v1.PeerOutcome message :
        messages.subList(0, Math.min(messages.size(), REACHABLE_MAX))) {
      PeerOutcome.State state;
      try {
        state = PeerOutcome.State.valueOf(message.getState().name());
      } catch (IllegalArgumentException e) {
        state = PeerOutcome.State.PARTIAL;
      }
      outcomes.add(
          new PeerOutcome(
              message.getCluster(),
              state,
              message.getRows(),
              message
                  .getText()
                  .substring(0, Math.min(message.getText().length(), TEXT_CHARS_MAX))));
    }
    return outcomes;
  }
}

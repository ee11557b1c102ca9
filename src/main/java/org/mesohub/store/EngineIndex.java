package org.mesohub.store;

import de.bwaldvogel.mongo.backend.AbstractUniqueIndex;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.Document;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The ordered unique index of one field: value → position of the document.
 *
 * <p>Answers equality, {@code $in} and, for strings, ranges; ids are listed without touching
 * documents.
 */
final class EngineIndex extends AbstractUniqueIndex<Object> {
  private static final Set<String> RANGE_OPERATORS = Set.of("$gt", "$gte", "$lt", "$lte");

  private final MVMap<Object, Object> positions;

  EngineIndex(MVMap<Object, Object> positions, String name, List<IndexKey> keys) {
    super(name, keys, false);
    this.positions = positions;
  }

  @Override
  public synchronized boolean canHandle(Document query) {
    return isRange(query) || super.canHandle(query);
  }

  @Override
  public synchronized Iterable<Object> getPositions(Document query) {
    return isRange(query)
        ? range(query, false).map(positions::get).filter(Objects::nonNull)::iterator
        : super.getPositions(query);
  }

  /**
   * Whether {@link #values} answers the query: only this field, with a string, a list or a range of
   * strings.
   */
  boolean isCovered(Document query) {
    if (!query.keySet().equals(Set.of(field()))) {
      return false;
    }
    @Nullable Collection<?> listed = listed(query);
    return isRange(query)
        || query.get(field()) instanceof String
        || (listed != null && listed.stream().allMatch(String.class::isInstance));
  }

  /** The indexed values that meet a covered query, those of a range in order. */
  Stream<String> values(Document query, boolean descending) {
    if (isRange(query)) {
      return range(query, descending);
    }
    Stream<?> wanted =
        query.get(field()) instanceof String one
            ? Stream.of(one)
            : Objects.requireNonNull(listed(query)).stream().distinct();
    return wanted.map(String.class::cast).filter(positions::containsKey);
  }

  /** Whether the query is only a range of strings over this index. */
  boolean isRange(Document query) {
    return query.keySet().equals(Set.of(field()))
        && query.get(field()) instanceof Document bounds
        && !bounds.isEmpty()
        && RANGE_OPERATORS.containsAll(bounds.keySet())
        && bounds.values().stream().allMatch(String.class::isInstance);
  }

  private @Nullable Collection<?> listed(Document query) {
    return query.get(field()) instanceof Document condition
            && condition.keySet().equals(Set.of("$in"))
            && condition.get("$in") instanceof Collection<?> wanted
        ? wanted
        : null;
  }

  /** Values are read lazily from one version of the index. */
  private Stream<String> range(Document query, boolean descending) {
    Document bounds = (Document) Objects.requireNonNull(query.get(field()));
    String low = later((String) bounds.get("$gt"), (String) bounds.get("$gte"));
    @Nullable String high = earlier((String) bounds.get("$lt"), (String) bounds.get("$lte"));
    Predicate<String> lowEnough =
        key -> high == null || key.compareTo(high) < (high.equals(bounds.get("$lt")) ? 0 : 1);
    Predicate<String> highEnough =
        key -> key.compareTo(low) >= (low.equals(bounds.get("$gt")) ? 1 : 0);
    Iterator<Object> keys =
        descending ? positions.keyIteratorReverse(high) : positions.keyIterator(low);
    // Values of other types sort apart from all strings.
    Stream<String> strings =
        StreamSupport.stream(Spliterators.spliteratorUnknownSize(keys, Spliterator.ORDERED), false)
            .filter(String.class::isInstance)
            .map(String.class::cast);
    return descending
        ? strings.dropWhile(lowEnough.negate()).takeWhile(highEnough)
        : strings.dropWhile(highEnough.negate()).takeWhile(lowEnough);
  }

  private String field() {
    return keys().get(0);
  }

  private static String later(@Nullable String one, @Nullable String two) {
    if (one == null || two == null) {
      return one != null ? one : two != null ? two : "";
    }
    return one.compareTo(two) >= 0 ? one : two;
  }

  private static @Nullable String earlier(@Nullable String one, @Nullable String two) {
    if (one == null || two == null) {
      return one != null ? one : two;
    }
    return one.compareTo(two) <= 0 ? one : two;
  }

  @Override
  protected @Nullable Object removeDocument(KeyValue key) {
    return positions.remove(key.get(0));
  }

  @Override
  protected boolean putKeyPosition(KeyValue key, Object position) {
    return positions.putIfAbsent(key.get(0), position) == null;
  }

  @Override
  protected Iterable<Map.Entry<KeyValue, Object>> getIterable() {
    return positions.entrySet().stream()
        .<Map.Entry<KeyValue, Object>>map(
            entry -> new AbstractMap.SimpleEntry<>(new KeyValue(entry.getKey()), entry.getValue()))
        .toList();
  }

  @Override
  protected @Nullable Object getPosition(KeyValue key) {
    Object value = key.get(0);
    return value == null ? null : positions.get(value);
  }

  @Override
  public long getCount() {
    return positions.sizeAsLong();
  }

  @Override
  public boolean isEmpty() {
    return positions.isEmpty();
  }

  @Override
  public long getDataSize() {
    return getCount();
  }
}

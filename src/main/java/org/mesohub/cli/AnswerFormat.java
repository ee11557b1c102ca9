package org.mesohub.cli;

import java.util.List;
import org.mesohub.format.BatchWriter;
import org.mesohub.format.CsvWriter;
import org.mesohub.format.JsonWriter;
import org.mesohub.format.MesoWestWriter;
import org.mesohub.format.NdjsonWriter;
import org.mesohub.observation.Column;

/** Formats of answers; names as typed. */
enum AnswerFormat {
  csv,
  json,
  ndjson,
  mesowest;

  BatchWriter writer(List<Column> columns) {
    return switch (this) {
      case csv -> new CsvWriter(columns);
      case json -> new JsonWriter(columns);
      case ndjson -> new NdjsonWriter(columns);
      case mesowest -> new MesoWestWriter();
    };
  }
}

package org.mesohub.cli;

import org.mesohub.proto.v1.PutResponse;
import org.mesohub.proto.v1.Reject;

/** Tells what a put did. */
final class PutReport {
  /** The rest can be asked for. */
  private static final int REJECTS_SHOWN_MAX = 5;

  private PutReport() {}

  static void print(Console console, String file, PutResponse done, boolean json) {
    if (json) {
      var object = ProtoJson.object(done);
      object.addProperty("file", file);
      console.line(object.toString());
      return;
    }
    console.line(line(file, done));
    done.getFirstRejectsList().stream()
        .limit(REJECTS_SHOWN_MAX)
        .forEach(reject -> console.message(rejectLine(file, reject)));
    if (done.getRejected() > Math.min(REJECTS_SHOWN_MAX, done.getFirstRejectsCount())) {
      console.message(file + ": all rejected rows: mesohub get --rejects --put " + done.getPutId());
    }
  }

  /** {@code 52997 stored, 0 unchanged, 0 corrected, 0 rejected 1.mesowest.out.gz}. */
  static String line(String file, PutResponse done) {
    return done.getStored()
        + " stored, "
        + done.getUnchanged()
        + " unchanged, "
        + done.getCorrected()
        + " corrected, "
        + done.getRejected()
        + " rejected  "
        + file
        + (done.getReplayed() ? "  (stored by an earlier attempt)" : "");
  }

  static String rejectLine(String file, Reject reject) {
    return file
        + ": line "
        + reject.getLine()
        + ": "
        + reject.getReason()
        + ": "
        + reject.getText();
  }
}

/**
 * The way in: bytes → column batches → sorted runs → chunks → store → catalogue → acknowledgement.
 */
@NullMarked
package org.mesohub.ingest;

import org.jspecify.annotations.NullMarked;

/**
 * Readers and writers of file formats: bytes pushed in, observation batches out, and back. Pure;
 * memory is bounded whatever comes.
 */
@NullMarked
package org.mesohub.format;

import org.jspecify.annotations.NullMarked;

/**
 * Asking other clusters: what they hold, queries passed on to them, answers put together. Over the
 * plans of {@code routing}.
 */
@NullMarked
package org.mesohub.forward;

import org.jspecify.annotations.NullMarked;

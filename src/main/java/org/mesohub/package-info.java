/** The program's entry. */
@NullMarked
package org.mesohub;

import org.jspecify.annotations.NullMarked;

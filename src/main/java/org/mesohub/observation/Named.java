package org.mesohub.observation;

/**
 * What a name of a source stands for.
 *
 * @param variable the variable meant
 * @param column the column implied: unit, interval and level as that source gives them
 * @param source whose name it is: {@code mesowest}, {@code synoptic}, {@code madis}, {@code
 *     oklahoma}, {@code iem}, or {@code dictionary} for a dictionary id
 */
public record Named(Variable variable, Column column, String source) {}

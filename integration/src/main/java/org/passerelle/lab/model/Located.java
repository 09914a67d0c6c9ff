package org.passerelle.lab.model;

/** A value and where it stands in the file. */
public record Located<T>(T value, Position at) {}

package org.passerelle.lab.model;

/** An echo service that listens on a TCP port of a station for as long as the lab runs. */
public record TcpService(Located<String> at, int port) {}

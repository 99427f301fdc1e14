package dev.sluice.server.admin;

import io.javalin.security.RouteRole;

/** Marks a route that changes nothing, though its method could. */
enum Reads implements RouteRole {
  ONLY
}

/**
 * Linux bridges: their attributes (IFLA_BR_*), and the plans of {@code network-bridge} and {@code
 * vif-bridge}.
 *
 * <p>Plans are pure: they read a {@link org.passerelle.link.rtnl.Kernel} and return a {@code
 * link.plan.Plan}. May import: {@code link}, but not {@code link.os}.
 */
package org.passerelle.bridge;

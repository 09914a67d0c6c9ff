/**
 * What the build does with the scripts' jars when they are finished, run by {@code
 * scripts/lib/seal}: {@link PlainLambdas} makes a class of each lambda, as a one-shot script has no
 * time to make them when it runs. May import the JDK alone.
 */
package org.passerelle.scripts.sealing;

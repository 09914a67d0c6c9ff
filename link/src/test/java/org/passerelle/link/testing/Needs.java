package org.passerelle.link.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.passerelle.link.os.Capability;

/**
 * What a test needs of the host. Where it is missing the test is skipped, and the reason names the
 * capability, the cause and the remedy. On a CI machine (environment {@code CI=true}) a test fails
 * instead when the capability is one that such a machine must have. {@code integration/xen} runs
 * the tests with its tag on another kernel too, and there those that this host skipped.
 */
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("needs")
@ExtendWith(NeedsCondition.class)
public @interface Needs {
  Capability[] value();
}

package org.passerelle.link.plan;

/**
 * What tells the world that a plan is done, after its last step and at one stroke. A process killed
 * about then has done all or nothing: all, if the world has been told.
 *
 * @param proof what is to be seen in the world afterwards, in words that whoever recovers
 *     understands
 * @param say tells it; throws when it could not, and all is undone
 */
public record Announcement(String proof, Runnable say) {}

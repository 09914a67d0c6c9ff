/** What facts mean: each check a function from facts to findings. Pure. */
package org.passerelle.doctor.check;

package org.passerelle.cli;

import org.passerelle.lab.model.Lab;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The word of {@code --switching}, as the lab file has it. */
final class SwitchingConverter implements ITypeConverter<Lab.Switching> {
  @Override
  public Lab.Switching convert(String word) {
    try {
      return Lab.Switching.of(word);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

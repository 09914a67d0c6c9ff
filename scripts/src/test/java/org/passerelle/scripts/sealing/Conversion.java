package org.passerelle.scripts.sealing;

import static java.lang.constant.ConstantDescs.CD_Object;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.Set;

/**
 * How a value of one type becomes one of another between a lambda's interface and its body: by a
 * cast, boxed, unboxed or widened, as the compiler has seen to it that it can.
 *
 * @param has as it is declared where it comes from
 * @param known what the compiler knew of an object that is declared as any
 * @param wanted as it is declared where it goes
 */
record Conversion(ClassDesc has, ClassDesc known, ClassDesc wanted) {
  private static final Map<ClassDesc, ClassDesc> BOXES =
      Map.of(
          ConstantDescs.CD_boolean, ConstantDescs.CD_Boolean,
          ConstantDescs.CD_byte, ConstantDescs.CD_Byte,
          ConstantDescs.CD_char, ConstantDescs.CD_Character,
          ConstantDescs.CD_double, ConstantDescs.CD_Double,
          ConstantDescs.CD_float, ConstantDescs.CD_Float,
          ConstantDescs.CD_int, ConstantDescs.CD_Integer,
          ConstantDescs.CD_long, ConstantDescs.CD_Long,
          ConstantDescs.CD_short, ConstantDescs.CD_Short);

  private static final Set<ClassDesc> NO_NUMBERS =
      Set.of(ConstantDescs.CD_boolean, ConstantDescs.CD_char);

  void emit(CodeBuilder code) {
    if (has.isPrimitive() && wanted.isPrimitive()) {
      widen(code, has);
    } else if (has.isPrimitive()) {
      ClassDesc box = BOXES.get(has);
      code.invokestatic(box, "valueOf", MethodTypeDesc.of(box, has));
    } else if (wanted.isPrimitive()) {
      unbox(code);
    } else if (!has.equals(wanted) && !wanted.equals(CD_Object)) {
      code.checkcast(wanted);
    }
  }

  /**
   * An object of which only a number is known, as of a list's element, is asked for what is wanted.
   */
  private void unbox(CodeBuilder code) {
    ClassDesc value = wanted;
    for (Map.Entry<ClassDesc, ClassDesc> box : BOXES.entrySet()) {
      value = box.getValue().equals(known) ? box.getKey() : value;
    }
    boolean isNumber = !BOXES.containsValue(known) && !NO_NUMBERS.contains(wanted);
    ClassDesc box = isNumber ? ConstantDescs.CD_Number : BOXES.get(value);
    code.checkcast(box).invokevirtual(box, value.displayName() + "Value", MethodTypeDesc.of(value));
    widen(code, value);
  }

  private void widen(CodeBuilder code, ClassDesc from) {
    if (!from.equals(wanted)) {
      code.conversion(TypeKind.from(from), TypeKind.from(wanted));
    }
  }
}

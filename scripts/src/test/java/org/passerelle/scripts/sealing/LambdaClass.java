package org.passerelle.scripts.sealing;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DirectMethodHandleDesc.Kind;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;

/**
 * The class of one lambda: a field for each value that it captures, and the one method of its
 * interface, which calls the method that the compiler made of the lambda's body or that the
 * reference names.
 */
final class LambdaClass {
  private final ClassDesc type;

  /** What it captures, and the interface, as the type that is returned. */
  private final MethodTypeDesc site;

  private final String method;

  /** As the interface has it, and as the compiler knows it where the lambda stands. */
  private final MethodTypeDesc erased;

  private final MethodTypeDesc known;
  private final DirectMethodHandleDesc body;

  /** The arguments are those of LambdaMetafactory.metafactory, in its order. */
  LambdaClass(ClassDesc type, InvokeDynamicInstruction use) {
    this.type = type;
    site = use.typeSymbol();
    method = use.name().stringValue();
    erased = (MethodTypeDesc) use.bootstrapArgs().get(0);
    body = (DirectMethodHandleDesc) use.bootstrapArgs().get(1);
    known = (MethodTypeDesc) use.bootstrapArgs().get(2);
  }

  /** {@code version} is that of the class where it is used. */
  byte[] bytes(ClassFile format, ClassDesc host, int version) {
    return format.build(
        type,
        made -> {
          made.withVersion(version, 0);
          made.withFlags(AccessFlag.FINAL, AccessFlag.SUPER, AccessFlag.SYNTHETIC);
          made.withInterfaceSymbols(site.returnType());
          made.with(NestHostAttribute.of(host));
          fields(made);
          made.withMethodBody(INIT_NAME, site.changeReturnType(CD_void), 0, this::capture);
          made.withMethodBody(method, erased, ClassFile.ACC_PUBLIC, this::call);
        });
  }

  private void fields(ClassBuilder made) {
    for (int index = 0; index < site.parameterCount(); index++) {
      made.withField(
          field(index), site.parameterType(index), ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
    }
  }

  private static String field(int index) {
    return "captured" + index;
  }

  private void capture(CodeBuilder code) {
    code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void);
    for (int index = 0; index < site.parameterCount(); index++) {
      ClassDesc captured = site.parameterType(index);
      code.aload(0)
          .loadLocal(TypeKind.from(captured), code.parameterSlot(index))
          .putfield(type, field(index), captured);
    }
    code.return_();
  }

  private void call(CodeBuilder code) {
    List<ClassDesc> wanted = wanted();
    if (body.kind() == Kind.CONSTRUCTOR) {
      code.new_(body.owner()).dup();
    }
    int captured = site.parameterCount();
    for (int index = 0; index < captured; index++) {
      ClassDesc has = site.parameterType(index);
      code.aload(0).getfield(type, field(index), has);
      new Conversion(has, has, wanted.get(index)).emit(code);
    }
    for (int index = 0; index < erased.parameterCount(); index++) {
      ClassDesc has = erased.parameterType(index);
      code.loadLocal(TypeKind.from(has), code.parameterSlot(index));
      new Conversion(has, known.parameterType(index), wanted.get(captured + index)).emit(code);
    }
    invoke(code);
    giveBack(code);
  }

  private MethodTypeDesc bodyType() {
    return MethodTypeDesc.ofDescriptor(body.lookupDescriptor());
  }

  /** What the body takes: an object first where it is a method of one. */
  private List<ClassDesc> wanted() {
    List<ClassDesc> wanted = new ArrayList<>();
    switch (body.kind()) {
      case STATIC, INTERFACE_STATIC, CONSTRUCTOR -> {}
      default -> wanted.add(body.owner());
    }
    wanted.addAll(bodyType().parameterList());
    return wanted;
  }

  /** A private method of an object, to which a handle is special, is called as others are. */
  private void invoke(CodeBuilder code) {
    ClassDesc owner = body.owner();
    String name = body.methodName();
    switch (body.kind()) {
      case STATIC, INTERFACE_STATIC ->
          code.invokestatic(owner, name, bodyType(), body.isOwnerInterface());
      case INTERFACE_VIRTUAL, INTERFACE_SPECIAL -> code.invokeinterface(owner, name, bodyType());
      case VIRTUAL, SPECIAL -> code.invokevirtual(owner, name, bodyType());
      case CONSTRUCTOR -> code.invokespecial(owner, INIT_NAME, bodyType());
      default -> throw new IllegalArgumentException(type + ": a lambda of kind " + body.kind());
    }
  }

  private void giveBack(CodeBuilder code) {
    ClassDesc has = body.kind() == Kind.CONSTRUCTOR ? body.owner() : bodyType().returnType();
    ClassDesc wanted = erased.returnType();
    if (!wanted.equals(CD_void)) {
      new Conversion(has, has, wanted).emit(code);
      code.return_(TypeKind.from(wanted));
      return;
    }
    switch (TypeKind.from(has).slotSize()) {
      case 1 -> code.pop();
      case 2 -> code.pop2();
      default -> {}
    }
    code.return_();
  }
}

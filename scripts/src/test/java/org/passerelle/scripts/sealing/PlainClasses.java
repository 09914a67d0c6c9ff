package org.passerelle.scripts.sealing;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.NestMembersAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes classes without lambdas of classes with them. */
final class PlainClasses {
  private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

  private final ClassFile format;

  /** Where types meet in a method, what they have in common is asked of the class path. */
  PlainClasses() {
    ClassHierarchyResolver ours =
        ClassHierarchyResolver.ofResourceParsing(PlainClasses.class.getClassLoader());
    format =
        ClassFile.of(
            ClassHierarchyResolverOption.of(ours.orElse(ClassHierarchyResolver.defaultResolver())),
            ConstantPoolSharingOption.NEW_POOL);
  }

  /**
   * The same files with their lambdas made plain, and the classes of these. They are nest mates of
   * where they are used, as a lambda may use what is private there.
   */
  Map<String, byte[]> of(Map<String, byte[]> files) {
    Map<String, byte[]> plain = new LinkedHashMap<>(files);
    Map<ClassDesc, List<ClassDesc>> mates = new LinkedHashMap<>();
    files.forEach(
        (name, bytes) -> {
          ClassModel model = name.endsWith(".class") ? format.parse(bytes) : null;
          if (model != null && hasLambdas(model)) {
            plain.put(name, withoutLambdas(model, plain, mates));
          }
        });
    mates.forEach((host, more) -> plain.computeIfPresent(file(host), (f, b) -> host(b, more)));
    return plain;
  }

  private static String file(ClassDesc type) {
    String descriptor = type.descriptorString();
    return descriptor.substring(1, descriptor.length() - 1) + ".class";
  }

  private static boolean hasLambdas(ClassModel model) {
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof InvokeDynamicEntry site && isLambda(site)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLambda(InvokeDynamicEntry site) {
    MemberRefEntry maker = site.bootstrap().bootstrapMethod().reference();
    return maker.owner().name().equalsString(METAFACTORY)
        && maker.name().equalsString("metafactory");
  }

  private byte[] withoutLambdas(
      ClassModel model, Map<String, byte[]> plain, Map<ClassDesc, List<ClassDesc>> mates) {
    ClassDesc user = model.thisClass().asSymbol();
    ClassDesc host =
        model
            .findAttribute(Attributes.nestHost())
            .map(attribute -> attribute.nestHost().asSymbol())
            .orElse(user);
    List<ClassDesc> made = mates.computeIfAbsent(host, key -> new ArrayList<>());
    return format.transformClass(
        model,
        ClassTransform.transformingMethodBodies(
            (code, element) -> {
              if (element instanceof InvokeDynamicInstruction site
                  && isLambda(site.invokedynamic())) {
                ClassDesc type =
                    ClassDesc.of(user.packageName(), user.displayName() + "$$Plain" + made.size());
                made.add(type);
                plain.put(
                    file(type),
                    new LambdaClass(type, site).bytes(format, host, model.majorVersion()));
                instantiate(code, type, site.typeSymbol());
              } else {
                code.with(element);
              }
            }));
  }

  /** What the lambda captures lies on the stack, where its new object is to lie below. */
  private static void instantiate(CodeBuilder code, ClassDesc type, MethodTypeDesc site) {
    int[] slots = new int[site.parameterCount()];
    for (int index = slots.length - 1; index >= 0; index--) {
      TypeKind kind = TypeKind.from(site.parameterType(index));
      slots[index] = code.allocateLocal(kind);
      code.storeLocal(kind, slots[index]);
    }
    code.new_(type).dup();
    for (int index = 0; index < slots.length; index++) {
      code.loadLocal(TypeKind.from(site.parameterType(index)), slots[index]);
    }
    code.invokespecial(type, ConstantDescs.INIT_NAME, site.changeReturnType(ConstantDescs.CD_void));
  }

  private byte[] host(byte[] bytes, List<ClassDesc> more) {
    ClassModel model = format.parse(bytes);
    List<ClassDesc> members = new ArrayList<>();
    model
        .findAttribute(Attributes.nestMembers())
        .ifPresent(
            attribute -> {
              for (ClassEntry member : attribute.nestMembers()) {
                members.add(member.asSymbol());
              }
            });
    members.addAll(more);
    return format.transformClass(
        model,
        ClassTransform.dropping(NestMembersAttribute.class::isInstance)
            .andThen(
                ClassTransform.endHandler(
                    builder -> builder.with(NestMembersAttribute.ofSymbols(members)))));
  }
}

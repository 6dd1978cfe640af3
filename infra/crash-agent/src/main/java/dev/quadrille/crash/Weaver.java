package dev.quadrille.crash;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Changes the bytes of a class.
final class Weaver {

    private static final ClassDesc ORDERS = ClassDesc.of("dev.quadrille.crash.Orders");
    private static final MethodTypeDesc REACH =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

    private Weaver() {}

    /// @param found told of each point whose method has code in this class
    static byte[] weave(
            @Nullable ClassLoader loader,
            List<CrashPoint> points,
            byte[] classFile,
            Consumer<CrashPoint> found) {
        // Read as resources: to load a class while another is being loaded may load it too early.
        var hierarchy =
                ClassHierarchyResolver.ofResourceParsing(
                                loader == null ? ClassLoader.getSystemClassLoader() : loader)
                        .orElse(ClassHierarchyResolver.defaultResolver());
        var tool = ClassFile.of(ClassHierarchyResolverOption.of(hierarchy));
        var transform = ClassTransform.ACCEPT_ALL;
        for (var point : points) {
            transform = transform.andThen(at(point, found));
        }
        return tool.transformClass(tool.parse(classFile), transform);
    }

    private static ClassTransform at(CrashPoint point, Consumer<CrashPoint> found) {
        return ClassTransform.transformingMethodBodies(
                method -> is(method, point),
                CodeTransform.ofStateful(() -> {
                    found.accept(point);
                    return new AtEntry(point);
                }));
    }

    private static boolean is(MethodModel method, CrashPoint point) {
        return method.methodName().equalsString(point.method()) && method.code().isPresent();
    }

    private record AtEntry(CrashPoint point) implements CodeTransform {

        @Override
        public void atStart(CodeBuilder builder) {
            builder.loadConstant(point.fileName()).invokestatic(ORDERS, "reach", REACH);
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            builder.with(element);
        }
    }
}

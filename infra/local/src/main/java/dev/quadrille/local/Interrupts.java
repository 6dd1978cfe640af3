package dev.quadrille.local;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/// Ctrl-C and the like, as calls. A shutdown hook would see only the first one, and the second is
/// what says «faster».
final class Interrupts {

    private Interrupts() {}

    /// @param asked called at each signal that asks this process to end, in a thread of its own
    static void each(Runnable asked) {
        try {
            // By reflection: the class is the only way there is, and naming it is a warning that
            // cannot be switched off.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            // Nothing but handle is ever called on it.
            InvocationHandler call =
                    (_, method, _) -> {
                        if (method.getName().equals("handle")) {
                            asked.run();
                        }
                        return null;
                    };
            Object proxy =
                    Proxy.newProxyInstance(
                            Interrupts.class.getClassLoader(), new Class<?>[] {handler}, call);
            for (String name : List.of("INT", "TERM", "HUP")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This JDK does not tell of signals", e);
        }
    }
}

package dev.heliograph.log.redis;

import dev.heliograph.problem.ProblemException;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The channels and patterns that are wanted, by name, and those who wait until they are confirmed. Confined to one context. */
final class Subscriptions {
    private final Map<String, Subscription> byName = new HashMap<>();

    private record Subscription(BiConsumer<String, byte[]> handler, List<UniEmitter<? super Void>> waiters) {
        void complete() {
            waiters.forEach(waiter -> waiter.complete(null));
        }
    }

    static boolean isPattern(String name) {
        return name.endsWith("*");
    }

    /** False if it is there already, which then keeps its handler. */
    boolean add(String name, BiConsumer<String, byte[]> handler) {
        return byName.putIfAbsent(name, new Subscription(handler, new ArrayList<>())) == null;
    }

    /** False if there is none. */
    boolean remove(String name) {
        Subscription last = byName.remove(name);
        if (last != null) {
            last.complete();
        }
        return last != null;
    }

    void clear(ProblemException why) {
        byName.values().forEach(each -> List.copyOf(each.waiters).forEach(waiter -> waiter.fail(why)));
        byName.clear();
    }

    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    /** Null if it is not wanted. */
    BiConsumer<String, byte[]> handler(String name) {
        Subscription subscription = byName.get(name);
        return subscription == null ? null : subscription.handler;
    }

    /** Completes the waiter when the subscription is confirmed or removed; at once if there is none. */
    void await(String name, UniEmitter<? super Void> waiter) {
        Subscription subscription = byName.get(name);
        if (subscription == null) {
            waiter.complete(null);
        } else {
            subscription.waiters.add(waiter);
        }
    }

    /** Forgets a waiter that has what it waited for, or has given up. */
    void leave(String name, UniEmitter<? super Void> waiter) {
        Subscription subscription = byName.get(name);
        if (subscription != null) {
            subscription.waiters.remove(waiter);
        }
    }

    void confirm(String name) {
        Subscription subscription = byName.get(name);
        if (subscription != null) {
            subscription.complete();
        }
    }
}

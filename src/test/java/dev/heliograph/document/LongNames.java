package dev.heliograph.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Documents in which JSON Pointers are as long as they can be, and what it takes to work on them. */
final class LongNames {
    /** Several times what values and text take; with a pointer for each value it would be gigabytes. */
    static final long MAX_BYTES = 200_000_000;

    /** Each character of it is two in a pointer. */
    private static final String NAME = "/".repeat(1000);

    private LongNames() {}

    /** The text of a value within so many objects, each the only member of the next one. */
    static byte[] around(int objects, String value) {
        return (("{\"" + NAME + "\":").repeat(objects) + value + "}".repeat(objects)).getBytes(UTF_8);
    }

    /** What a task allocates on the thread that calls. */
    static long bytesAllocatedBy(Runnable task) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        task.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}

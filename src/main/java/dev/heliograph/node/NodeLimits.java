package dev.heliograph.node;

import java.util.ArrayList;
import java.util.List;

/**
 * The limits of this process that decide how many clients it can serve.
 *
 * @param openFiles how many files it may open; negative: not known
 * @param heapBytes how large its heap may become
 * @param keptBytes how much of the heap the log in memory and the caches take when they are full
 * @param maxConnections how many clients may be connected; 0: no limit
 * @param isChosen whether somebody has configured this number
 */
record NodeLimits(
        long openFiles,
        long heapBytes,
        int processors,
        int eventLoops,
        long keptBytes,
        int maxConnections,
        boolean isChosen) {
    /** Files of the process that are no client: connections to Redis (up to 128), libraries, requests. */
    static final long OTHER_FILES = 512;
    /** Without a configured number, fewer are a mistake of whoever has set the limit. */
    static final long LEAST_FILES = 1024;
    /** docs/operations.md, Run it in a container. */
    static final long BYTES_PER_CONNECTION = 27 * 1024;

    private static final String MAX_CONNECTIONS = "heliograph.access.limits.max-connections";
    private static final long MIB = 1 << 20;

    /** One line for the log. */
    String told() {
        return "open files " + (openFiles < 0 ? "not known" : openFiles) + ", heap " + mebi(heapBytes) + ", processors "
                + processors + ", event loops " + eventLoops + ", connections at most " + connections();
    }

    /** A line for each limit that is too low: what is wrong, and what would be right. */
    List<String> faults() {
        List<String> faults = new ArrayList<>(3);
        long neededFiles = wantedConnections() > 0 ? wantedConnections() + OTHER_FILES : LEAST_FILES;
        if (openFiles >= 0 && openFiles < neededFiles) {
            faults.add("This process may open " + openFiles + " files, expected " + neededFiles + " or more"
                    + (wantedConnections() > 0 ? " for " + MAX_CONNECTIONS + "=" + maxConnections : "")
                    + ": raise ulimit -n, or the limit of the container runtime");
        }
        // The other half is for what is under way.
        long neededHeap = 2 * keptBytes + wantedConnections() * BYTES_PER_CONNECTION;
        if (heapBytes < neededHeap) {
            faults.add("The heap may have " + mebi(heapBytes) + ", expected " + mebi(neededHeap) + " or more, for "
                    + mebi(keptBytes) + " that the log in memory and the caches may keep"
                    + (wantedConnections() > 0 ? ", and " + MAX_CONNECTIONS + "=" + maxConnections : "")
                    + ": raise -Xmx or the memory limit, or lower heliograph.memory.max-bytes or the cache-bytes");
        }
        if (eventLoops < processors) {
            faults.add("There are " + eventLoops + " event loops, expected " + processors
                    + " or more, one for each processor: raise quarkus.vertx.event-loops-pool-size");
        }
        return faults;
    }

    /** 0 if nobody has said how many there may be. */
    private long wantedConnections() {
        return isChosen ? maxConnections : 0;
    }

    // docs/decisions.md: The default number of connections is no promise
    private String connections() {
        long files = openFiles < 0 ? Long.MAX_VALUE : Math.max(0, openFiles - OTHER_FILES);
        long most = maxConnections == 0 ? files : Math.min(maxConnections, files);
        return most == Long.MAX_VALUE ? "any" : String.valueOf(most);
    }

    /** Rounded up, so that the value that is told is enough. */
    private static String mebi(long bytes) {
        return (bytes + MIB - 1) / MIB + " MiB";
    }
}

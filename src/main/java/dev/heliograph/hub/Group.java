package dev.heliograph.hub;

import java.util.ArrayList;
import java.util.List;

/** Live subscriptions that get the same bytes. Belongs to one event loop. */
final class Group {
    private final Lane lane;
    private final HubMetrics metrics;
    private final WireFormat format;
    private final Filter filter;
    private final List<Subscription> members = new ArrayList<>();

    Group(Lane lane, HubMetrics metrics, WireFormat format, Filter filter) {
        this.lane = lane;
        this.metrics = metrics;
        this.format = format;
        this.filter = filter;
    }

    boolean isFor(WireFormat otherFormat, Filter otherFilter) {
        return format == otherFormat && filter.equals(otherFilter);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    void add(Subscription subscription) {
        members.add(subscription);
    }

    void remove(Subscription subscription) {
        members.remove(subscription);
    }

    List<Subscription> members() {
        return members;
    }

    /**
     * Writes consecutive entries to every member as one shared batch.
     *
     * @return the members whose outlets take nothing, removed from the group
     */
    List<Subscription> push(List<Delivery> deliveries) {
        List<Subscription> slow = removeSlow();
        List<Delivery> wanted = filter.isOfAll()
                ? deliveries
                : deliveries.stream().filter(filter::passes).toList();
        if (members.isEmpty() || wanted.isEmpty()) {
            return slow;
        }
        var batch = new Batch(wanted, format);
        try {
            for (Subscription member : members) {
                Outlet outlet = member.outlet();
                if (outlet.push(batch)) {
                    lane.flushLater(outlet);
                }
            }
        } finally {
            batch.release();
        }
        metrics.onDelivered((long) wanted.size() * members.size());
        return slow;
    }

    private List<Subscription> removeSlow() {
        List<Subscription> slow = List.of();
        int kept = 0;
        for (int i = 0; i < members.size(); i++) {
            Subscription member = members.get(i);
            if (member.outlet().isWritable()) {
                members.set(kept++, member);
            } else {
                slow = slow.isEmpty() ? new ArrayList<>() : slow;
                slow.add(member);
            }
        }
        members.subList(kept, members.size()).clear();
        return slow;
    }
}

package dev.heliograph.hub;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Live subscriptions that are sent the very same bytes. Belongs to one event loop. */
final class Group {
    private final Lane lane;
    private final WireFormat format;
    private final Filter filter;
    private final List<Subscription> members = new ArrayList<>();

    Group(Lane lane, WireFormat format, Filter filter) {
        this.lane = lane;
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

    WireFormat format() {
        return format;
    }

    List<Subscription> members() {
        return members;
    }

    /**
     * Writes consecutive entries to every member as one shared buffer.
     *
     * @return the members whose sockets took nothing, removed from the group
     */
    List<Subscription> push(List<Delivery> deliveries) {
        List<Subscription> slow = removeSlow();
        if (members.isEmpty()) {
            return slow;
        }
        List<Delivery> wanted = filter.isOfAll()
                ? deliveries
                : deliveries.stream().filter(filter::passes).toList();
        if (!wanted.isEmpty()) {
            write(join(wanted));
            lane.hub().metrics().onDelivered((long) wanted.size() * members.size());
        }
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

    private void write(ByteBuf frames) {
        try {
            for (Subscription member : members) {
                Outlet outlet = member.outlet();
                if (outlet.write(frames.retainedDuplicate())) {
                    lane.flushLater(outlet);
                }
            }
        } finally {
            frames.release();
        }
    }

    private ByteBuf join(List<Delivery> deliveries) {
        int bytes = 0;
        var parts = new byte[deliveries.size()][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = deliveries.get(i).frame(format);
            bytes += parts[i].length;
        }
        ByteBuf frames = members.get(0).outlet().buffer(bytes);
        for (byte[] part : parts) {
            frames.writeBytes(part);
        }
        return frames;
    }
}

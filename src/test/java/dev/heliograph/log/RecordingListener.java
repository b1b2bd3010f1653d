package dev.heliograph.log;

import dev.heliograph.event.Channel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that remembers. */
public final class RecordingListener implements Feed.Listener {
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private final AtomicInteger doubts = new AtomicInteger();

    @Override
    public void onEntry(Entry entry) {
        entries.add(entry);
    }

    @Override
    public void onDoubt() {
        doubts.incrementAndGet();
    }

    @Override
    public void onNotice(String notice) {
        notices.add(notice);
    }

    public List<String> notices() {
        return notices;
    }

    public List<Entry> entries(Channel channel) {
        return entries.stream().filter(entry -> entry.channel().equals(channel)).toList();
    }

    public int doubts() {
        return doubts.get();
    }
}

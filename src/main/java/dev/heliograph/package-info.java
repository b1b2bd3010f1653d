/**
 * Heliograph: a realtime event gateway. One word per thing, here, in the documentation and on the wire:
 *
 * <ul>
 *   <li><b>namespace</b>: a configured family of channels; holds all options
 *   <li><b>channel</b>: {@code <namespace>} or {@code <namespace>-<id>}, e.g. {@code orders-123}
 *   <li><b>firehose</b>: the channel {@code <namespace>} itself, which carries every event of its namespace
 *   <li><b>event</b>: type, JSON object, channel, id and time
 *   <li><b>entry</b>: an event that the log accepted, with its position
 *   <li><b>log</b>: bounded ordered history of each channel, and the feed that announces what is appended
 *   <li><b>life</b>: a channel's log from its first entry until it is lost; offsets count up through it
 *   <li><b>epoch</b>: random id of a life, or of the part of it that one Redis process wrote
 *   <li><b>position</b>: epoch and offset in one channel; one of a former epoch stays good in the same life, up to where that
 *       epoch ended. A <b>cursor</b> is its wire form
 *   <li><b>top</b>: a log's newest position
 *   <li><b>gap</b>: entries that a reader cannot get, reported to it
 *   <li><b>document</b>: a small JSON object under a channel's name; its version is the position of the event of its change
 *   <li><b>session</b>: one client's conversation, over any wire
 *   <li><b>subscription</b>: one client's interest in one channel
 *   <li><b>hub</b>: the listeners of this node, by channel
 *   <li><b>lane</b>: the part of the hub that belongs to one event loop
 *   <li><b>outlet</b>: the way of one client's bytes out of the hub
 *   <li><b>tail</b>: the position up to which a lane's live subscriptions to a channel were served
 *   <li><b>resync</b>: to read the log from the tail, after a hole or a doubt
 *   <li><b>latest</b>: the newest event of each type of a channel, or of all its types
 *   <li><b>delivery probe</b>: an event of the gateway's own, by which a node proves that events reach its clients
 *   <li><b>cached</b>: kept in this node's memory and followed, as the latest events and documents are
 * </ul>
 *
 * <p>Packages in rows; imports point downward only ({@code ArchitectureTest} is the judge):
 *
 * <pre>
 * 8  node                                   starts, wires, configures and reports on this process
 *    command                                the process's main: the gateway, or a command beside it
 * 7  edge                                   the front door of HTTP: what each request passes, in one order
 * 6  transport.ws, transport.sse,           each speaks one wire; none knows another
 *    transport.poll, transport.range
 *    transport.socket                       what protocols over WebSocket share; transport.ws is one of them
 * 5  session                                one client's conversation, whatever the wire
 *    document, document.http                small shared state with a version, and what conflicts; its side for HTTP
 *    console                                the control plane as REST resources
 * 4  hub                                    who on this node listens
 *    publish, publish.redis                 the only door in, and its side for Redis PUBLISH
 *    latest                                 caches the latest events, answers conditional requests
 *    access.redis                           what all nodes have to know of who may come in
 * 3  wire                                   the JSON that goes out, and close codes, written once
 * 2  log, log.memory, log.redis             ordered history and its announcement
 *    cache                                  the cache whose values are followed by the feed
 *    access                                 who asks, and how often one client may ask
 *    http, http.route                       what all HTTP requests and answers share, and all routes
 * 1  event                                  what an event is and which are legal
 *    json                                   JSON text read strictly, and kept byte for byte
 * 0  problem                                failures as data
 *    turn                                   deferred work that is done one after another
 * </pre>
 */
package dev.heliograph;

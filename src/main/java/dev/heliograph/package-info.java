/**
 * Heliograph: a realtime event gateway. One word per thing, here, in the documentation and on the wire:
 *
 * <ul>
 *   <li><b>namespace</b>: a configured family of channels; holds all options
 *   <li><b>channel</b>: {@code <namespace>} or {@code <namespace>-<id>}, e.g. {@code orders-123}
 *   <li><b>firehose</b>: the channel {@code <namespace>} itself, which carries every event of its namespace
 *   <li><b>event</b>: type, JSON object, channel, id and time
 *   <li><b>entry</b>: an event that the log accepted, with its position
 *   <li><b>position</b>: epoch and offset in one channel; a <b>cursor</b> is its wire form
 *   <li><b>epoch</b>: random id of one life of a channel's log; positions of different epochs cannot be compared
 *   <li><b>log</b>: bounded ordered history of each channel, and the feed that announces what is appended
 *   <li><b>document</b>: a small JSON object under a channel's name; its version is the position of the event of its change
 *   <li><b>hub</b>: who on this node listens to which channel
 *   <li><b>lane</b>: the part of the hub that belongs to one event loop
 * </ul>
 *
 * <p>Packages in rows; imports point downward only ({@code ArchitectureTest} is the judge):
 *
 * <pre>
 * 6  node                                   starts, wires, configures and reports on this process
 * 5  transport.ws, transport.sse,           each speaks one wire; none knows another
 *    transport.poll, transport.range
 * 4  session                                one client's conversation, whatever the wire
 *    document, document.http                small shared state with a version, and what conflicts; its side for HTTP
 * 3  hub                                    who on this node listens
 *    publish, publish.http, publish.redis   the only door in, and its sides for HTTP and Redis PUBLISH
 *    etag, etag.http                        remembers the latest events, answers conditional requests; its side for HTTP
 * 2  log, log.memory, log.redis, access,    ordered history and its announcement; where we may listen;
 *    http, http.route                       what all HTTP requests and answers share, and all routes
 * 1  event                                  what an event is and which are legal
 * 0  problem                                failures as data
 * </pre>
 */
package dev.heliograph;

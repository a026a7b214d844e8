import Dispatch
import Glibc

/// How many files this process may have open: each connection is one.
enum OpenFiles {
    /// Raises the limit as far as the system lets, should it be too low for so many connections.
    static func raise(to connections: Int) throws {
        let wanted = rlim_t(connections) + 256
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw ListenerFault(reason: "the limit of open files cannot be read")
        }
        guard limit.rlim_cur < wanted else { return }
        guard limit.rlim_max >= wanted else {
            throw ListenerFault(
                reason: "\(connections) connections need \(wanted) open files, and only \(limit.rlim_max) are allowed "
                    + "(raise LimitNOFILE or `ulimit -n`, or lower `max_connections`)")
        }
        limit.rlim_cur = wanted
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw ListenerFault(reason: "the limit of open files cannot be raised to \(wanted)")
        }
    }
}

/// Waits on the caller's own thread until another one says that it is time.
final class Semaphore: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func signal() { semaphore.signal() }

    /// Whether it was told within the time.
    func wait(for time: Duration) -> Bool {
        let (seconds, attoseconds) = time.components
        let deadline = DispatchTime.now() + .seconds(Int(seconds)) + .nanoseconds(Int(attoseconds / 1_000_000_000))
        return semaphore.wait(timeout: deadline) == .success
    }
}

package io.loreley.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a client and a server on loopback, and can lose the client's side of all connections alone. */
final class Relay implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI server;
    private final DatabaseUrl url;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final List<Socket> servers = new CopyOnWriteArrayList<>();

    Relay(DatabaseUrl server) throws IOException {
        this.server = URI.create(server.jdbc().substring("jdbc:".length()));
        this.url = new DatabaseUrl(
                server.jdbc().replace(":" + this.server.getPort() + "/", ":" + door.getLocalPort() + "/"),
                server.user(),
                server.password());
        Thread.startVirtualThread(this::accept);
    }

    DatabaseUrl url() {
        return url;
    }

    /** The clients' connections end; the server hears nothing of it. */
    void cutClients() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        clients.clear();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket behind = new Socket(server.getHost(), server.getPort());
                clients.add(client);
                servers.add(behind);
                Thread.startVirtualThread(() -> pump(client, behind));
                Thread.startVirtualThread(() -> pump(behind, client));
            }
        } catch (IOException e) {
            // the door was closed
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // one side was closed; the other is left as it is
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cutClients();
        for (Socket behind : servers) {
            behind.close();
        }
    }
}

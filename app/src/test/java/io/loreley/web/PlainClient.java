package io.loreley.web;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A kept connection that asks for one document again and again. Fifty of the JDK's clients have fifty selectors and pools of
 * threads, and take more of a small machine than the server that is to be measured.
 */
final class PlainClient implements AutoCloseable {

    private static final String LENGTH = "content-length:";

    private final Socket socket = new Socket();
    private final BufferedInputStream in;
    private final byte[] question;
    private byte[] body = new byte[0];

    PlainClient(URI address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String text = "GET %s%s HTTP/1.1\r\nHost: %s:%d\r\nAccept-Encoding: gzip\r\n\r\n"
                .formatted(address.getRawPath(), query, address.getHost(), address.getPort());
        question = text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Asks, and reads the whole answer. @return its bytes, as they were sent */
    int get() throws IOException {
        socket.getOutputStream().write(question);
        String status = line();
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(header.substring(LENGTH.length()).strip());
            }
        }
        if (!status.contains(" 200 ") || length < 0) {
            throw new IOException("answered '%s', %d bytes".formatted(status, length));
        }
        if (body.length < length) {
            body = new byte[length];
        }
        if (in.readNBytes(body, 0, length) < length) {
            throw new EOFException();
        }
        return length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";

export default function Ticket() {
  const close = () => callAction({ name: "close_ticket", payload: { status: "closed" } });
  return (
    <Card>
      <CardHeader>
        <CardTitle>{props.title}</CardTitle>
      </CardHeader>
      <CardContent>
        <Badge>{props.status}</Badge> <span>{props.owner || "nobody"}</span>
        <Button onClick={close} disabled={props.status === "closed"}>
          Close
        </Button>
      </CardContent>
    </Card>
  );
}

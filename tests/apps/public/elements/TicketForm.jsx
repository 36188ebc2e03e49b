import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

export default function TicketForm() {
  const [values, setValues] = useState({});
  return (
    <div>
      {props.fields.map((field) => (
        <Input
          key={field}
          placeholder={field}
          value={values[field] || ""}
          onChange={(event) => setValues({ ...values, [field]: event.target.value })}
        />
      ))}
      <Button onClick={() => submitElement(values)}>Send</Button>
      <Button variant="outline" onClick={() => cancelElement()}>
        Cancel
      </Button>
    </div>
  );
}
